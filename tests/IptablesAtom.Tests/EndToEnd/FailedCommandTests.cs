using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Which failed commands of a script end a run, and what the user reads of them.</summary>
public sealed class FailedCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("atom-failed-");
    private readonly TestNamespace _live = new();
    private readonly PublishedProgram _program = new();

    public void Dispose()
    {
        _program.Dispose();
        _live.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("#!/bin/bash")]
    [InlineData("#!/bin/sh")]
    [InlineData("#!/bin/busybox sh")]
    public void AnEntryThatIsThereTwiceIsNoError(string interpreter)
    {
        const string Text =
            """
            ipset create crowd hash:ip
            ipset create crowd hash:ip
            for address in 192.0.2.1 192.0.2.2 192.0.2.1; do ipset add crowd $address; done
            iptables-nft -N web; iptables-nft -N web
            iptables-nft -A INPUT -m set --match-set crowd src -j DROP
            """;
        (int status, string error) = Run(interpreter, Text);
        Assert.True(status == 0, error);
        Assert.Contains("already", error, StringComparison.Ordinal); // the tool's own message is the user's to see
        Assert.Contains("add crowd 192.0.2.2", _live.Dump(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipset create crowd hash:ip\nipset create crowd hash:net", 3)]
    [InlineData("ipset create crowd hash:ip\nipset add crowd 192.0.2.300", 3)]
    [InlineData("ipset add nowhere 192.0.2.3", 2)]
    [InlineData("iptables-nft -A INPUT --nonsense", 2)]
    [InlineData("iptables-legacy -A INPUT --nonsense", 2)]
    [InlineData("ip6tables-nft -A INPUT -s 192.0.2.1 -j DROP", 2)]
    [InlineData("nft add rule inet none none accept", 2)]
    [InlineData("if true; then\n  iptables-nft -A nowhere -j ACCEPT; fi", 3)]
    public void WhatShouldHaveAddedIsToldWithItsLineAndTheToolsWords(string text, int line)
    {
        string before = _live.Dump();
        (_, _, string tool) = _live.Try(text);
        string words = tool.Split('\n', StringSplitOptions.RemoveEmptyEntries).First(part => part.Contains(": ", StringComparison.Ordinal)).Split(": ", 2)[1];
        _live.Sh("ipset destroy; for f in iptables ip6tables; do for b in nft legacy; do $f-$b -F; done; done; nft flush ruleset");
        before = _live.Dump();
        (int status, string error) = Run("#!/bin/bash", text);
        Assert.Equal(3, status);
        string sentence = error.Split('\n').Single(part => part.StartsWith("iptables-atom: ", StringComparison.Ordinal));
        Assert.Contains($"script:{line}: ", sentence, StringComparison.Ordinal);
        Assert.Contains(words.Trim(), sentence, StringComparison.Ordinal);
        Assert.Equal(before, _live.Dump());
        (status, error) = Run("#!/bin/bash", text, "--on-error", "ignore");
        Assert.True(status == 0, error);
    }

    [Theory]
    [InlineData("iptables-nft -A INPUT --nonsense || true")]
    [InlineData("if ! ipset add nowhere 192.0.2.3; then :; fi")]
    [InlineData("iptables-nft -A INPUT --nonsense 2>/dev/null\ntrue")]
    [InlineData("while iptables-nft -D INPUT -s 192.0.2.9; do :; done\niptables-nft -X nowhere\niptables-nft -C INPUT -j DROP\niptables-nft -F nowhere\nipset destroy nowhere\ntrue")]
    public void WhatTheScriptHandlesOrUsesAsATestIsNoError(string text)
    {
        (int status, string error) = Run("#!/bin/bash", text);
        Assert.True(status == 0, error);
        Assert.DoesNotContain("failed firewall commands", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("dash", "-u")]
    [InlineData("busybox", "sh")]
    public void ALineIsToldOfAScriptThatIsGivenToItsInterpreter(params string[] interpreter)
    {
        string script = Path.Combine(_directory.FullName, "given");
        File.WriteAllText(script, "x=1\niptables-nft -A nowhere -j ACCEPT\n:\n");
        (int status, _, string error) = _program.Run(_live, ["run", "--", .. interpreter, script]);
        Assert.Equal(3, status);
        Assert.Contains("given:2: ", error, StringComparison.Ordinal);
    }

    private (int Status, string Error) Run(string interpreter, string text, params string[] options)
    {
        string script = Path.Combine(_directory.FullName, "script");
        File.WriteAllText(script, $"{interpreter}\n{text}\n:\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (int status, _, string error) = _program.Run(_live, [.. options, script]);
        return (status, error);
    }
}
