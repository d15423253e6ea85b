using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>The published program with and without acceleration.</summary>
public sealed class AccelerationTests
{
    private const string Body =
        """

        iptables -P FORWARD DROP
        iptables -N web
        for i in 1 2 3 4 5; do iptables -A web -s 10.0.$i.0/24 -p tcp --dport 80 -j ACCEPT; done
        iptables -A INPUT -j web
        iptables -C INPUT -s 1.2.3.4 -j DROP 2>/dev/null || iptables -I INPUT -s 1.2.3.4 -j DROP
        /usr/sbin/iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
        ip6tables -A INPUT -s 2001:db8::/32 -j DROP
        ipset create bad hash:ip; ipset add bad 192.0.2.1; iptables -A INPUT -m set --match-set bad src -j DROP
        printf '10.9.9.%d\n' 1 2 | xargs -n1 iptables -A web -j DROP -s
        iptables -S web
        """;

    [Theory]
    [InlineData("#!/bin/sh -u", "nft")]
    [InlineData("#!/bin/bash", "nft")]
    [InlineData("#!/usr/bin/env bash", "legacy")]
    [InlineData("#!/bin/sh", "legacy")]
    [InlineData("", "nft")]
    public void IsAsExact(string firstLine, string backend)
    {
        using ScriptFile script = new(firstLine + Body);
        using TestNamespace exact = new();
        using TestNamespace fast = new();
        using PublishedProgram program = new();
        var expected = program.Run(exact, "run", "--quiet", "--exact", "--backend", backend, script.Path);
        Assert.True(expected.Status == 0, expected.Error);
        Assert.Contains("-A web -s 10.9.9.2/32 -j DROP", expected.Output, StringComparison.Ordinal);
        Assert.Equal(expected, program.Run(fast, "run", "--quiet", "--backend", backend, script.Path));
        Assert.Equal(exact.Dump(), fast.Dump());
    }

    [Theory]
    [InlineData("#!/bin/sh")]
    [InlineData("#!/bin/bash")]
    public void ThePlanNamesTheLines(string firstLine)
    {
        using ScriptFile script = new(firstLine + Body);
        using TestNamespace live = new();
        using PublishedProgram program = new();
        (int status, string output, string error) = program.Run(live, "plan", script.Path);
        Assert.True(status == 2, error);
        Assert.Contains($"-A web -s 10.0.3.0/24 -p tcp -m tcp --dport 80 -j ACCEPT  # {script.Path}:4", output, StringComparison.Ordinal);
        Assert.Contains($"-A POSTROUTING -o eth0 -j MASQUERADE  # {script.Path}:7", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iptables -A INPUT -j NOPE; true", "fail", 3)]
    [InlineData("iptables -A INPUT -j NOPE; true", "ignore", 0)]
    [InlineData("iptables -A INPUT -j NOPE || true", "fail", 0)]
    [InlineData("iptables -A INPUT -j NOPE || true", "strict", 3)]
    [InlineData("if iptables -A INPUT -j NOPE; then :; fi", "fail", 0)]
    [InlineData("/sbin/iptables -A INPUT -j NOPE || true", "fail", 0)]
    [InlineData("/sbin/iptables -A INPUT -j NOPE; true", "fail", 3)]
    [InlineData("iptables -D INPUT -j ACCEPT; true", "fail", 0)]
    [InlineData("iptables -D INPUT -j ACCEPT; true", "strict", 3)]
    [InlineData("iptables -N c; iptables -N c; true", "fail", 0)]
    [InlineData("exit 5", "fail", 3)]
    [InlineData("exit 5", "ignore", 0)]
    public void FailedCommandsEndTheRun(string line, string mode, int expected)
    {
        foreach (string shell in new[] { "sh", "bash" })
        {
            using ScriptFile script = new($"#!/bin/{shell}\niptables -A INPUT -s 10.0.0.1 -j DROP\n{line}\n");
            using TestNamespace live = new();
            using PublishedProgram program = new();
            (int status, _, string error) = program.Run(live, "run", "--on-error", mode, script.Path);
            Assert.True(status == expected, $"{shell}: {status}, {error}");
            Assert.Equal(expected == 0, live.Dump().Contains("-A INPUT -s 10.0.0.1/32 -j DROP", StringComparison.Ordinal));
            if (expected == 3 && line.Contains("tables", StringComparison.Ordinal))
            {
                Assert.Contains($"{script.Path}:3: ", error, StringComparison.Ordinal);
            }
        }
    }

    private sealed class ScriptFile : IDisposable
    {
        internal ScriptFile(string text)
        {
            File.WriteAllText(Path, text);
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        internal string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
