using System.Diagnostics;
using Xunit;

namespace IptablesAtom.Tests.Cli;

/// <summary>plan as an ordinary user: in a user namespace, with one user id or with those of /etc/subuid.</summary>
public sealed class RootlessTests : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly PublishedProgram _program = new();
    private readonly string _binary;

    public RootlessTests()
    {
        // The user must come to it, wherever the repository is.
        _binary = $"{_program.Directory}/iptables-atom";
        File.Copy(PublishedProgram.Path, _binary);
        File.SetUnixFileMode(_program.Directory, ForAll);
        File.SetUnixFileMode(_binary, ForAll);
    }

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("nft", "iptables", "iptables filter")]
    [InlineData("legacy", "iptables-legacy", "iptables-legacy filter")]
    public void TheWholeStagingWorks(string backend, string tool, string table)
    {
        string script = Script(
            $"""
            #!/bin/sh
            set -e
            [ "$(id -u)" = 0 ]
            sysctl -qw net.ipv4.ip_forward=1 vm.swappiness=3
            [ "$(cat /proc/sys/vm/swappiness)" = 3 ]
            iptables -P INPUT DROP
            iptables -A INPUT -i lo -j ACCEPT
            sudo -n -u root iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
            ipset create bad hash:ip
            ipset add bad 192.0.2.7
            iptables -A INPUT -m set --match-set bad src -j DROP
            ip{(backend == "nft" ? "6tables" : "6tables-legacy")} -A INPUT -p tcp --dport 22 -j ACCEPT
            iptables -m recent --help >/dev/null
            """);
        (int code, string output, string error) = Run([.. AsNobody, _binary, "plan", "--backend", backend, script]);
        Assert.True(code == 2, error);
        Assert.Contains("without root the live firewall cannot be read", error, StringComparison.Ordinal);
        Assert.Contains($"{table}\n+ :INPUT DROP\n+ -A INPUT -i lo -j ACCEPT", output, StringComparison.Ordinal);
        Assert.Contains("--match-set bad src -j DROP", output, StringComparison.Ordinal);
        Assert.Contains("+ add bad 192.0.2.7", output, StringComparison.Ordinal);
        Assert.Contains("sysctl vm.swappiness = 3", output, StringComparison.Ordinal);
        Assert.Contains(tool.Replace("iptables", "ip6tables", StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.NotEqual("3\n", File.ReadAllText("/proc/sys/vm/swappiness"));
    }

    [Fact]
    public void RulesForOtherUsersNeedTheirIds()
    {
        string script = Script("#!/bin/sh\niptables-nft -A OUTPUT -m owner --uid-owner 33 -j DROP\n");
        (int code, string output, string error) = Run([.. AsNobody, _binary, "plan", script]);
        Assert.Equal(3, code);
        Assert.Contains("/etc/subuid", error, StringComparison.Ordinal);

        string ids = $"{_program.Directory}/ids";
        File.WriteAllText(ids, "nobody:200000:65536\n");
        string inner = string.Join(' ', AsNobody.Append(_binary).Append("plan").Append(script));
        (code, output, error) = Run(
            ["unshare", "--mount", "sh", "-c", $"touch /etc/subuid /etc/subgid; mount --bind {ids} /etc/subuid && mount --bind {ids} /etc/subgid && exec {inner}"]);
        Assert.True(code == 2, error);
        Assert.Contains("+ -A OUTPUT -m owner --uid-owner 33 -j DROP", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AUsersBundleIsThatOfRoot()
    {
        string script = Script("#!/bin/sh\niptables-nft -P INPUT DROP\niptables-nft -A INPUT -i lo -j ACCEPT\nip6tables-nft -A INPUT -j DROP\nipset create bad hash:ip\n");
        string everybodys = $"{_program.Directory}/everybodys";
        Directory.CreateDirectory(everybodys);
        File.SetUnixFileMode(everybodys, ForAll | UnixFileMode.OtherWrite);
        (int code, _, string error) = Run([.. AsNobody, _binary, "build", script, "-o", $"{everybodys}/user.tgz"]);
        Assert.True(code == 0, error);
        (code, _, error) = Run([_binary, "build", script, "-o", $"{_program.Directory}/root.tgz"]);
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllBytes($"{_program.Directory}/root.tgz"), File.ReadAllBytes($"{everybodys}/user.tgz"));
    }

    [Fact]
    public void WhatForbidsItIsNamed()
    {
        string script = Script("#!/bin/sh\n");
        (int code, _, string error) = Run(
            ["unshare", "--user", "--map-root-user", "sh", "-c",
                $"echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set -all --inh-caps -all --no-new-privs {_binary} plan {script}"]);
        Assert.Equal(1, code);
        Assert.Contains("user.max_user_namespaces is 0", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunNeedsRoot()
    {
        (int code, _, string error) = Run([.. AsNobody, _binary, Script("#!/bin/sh\n")]);
        Assert.Equal(1, code);
        Assert.Contains("run it as root or with sudo (plan and build work without)", error, StringComparison.Ordinal);
    }

    private string Script(string text)
    {
        string path = _program.Script(text);
        File.SetUnixFileMode(path, ForAll);
        return path;
    }

    private (int Code, string Output, string Error) Run(string[] words)
    {
        using Process process = _program.Start(words[0], words[1..]);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
