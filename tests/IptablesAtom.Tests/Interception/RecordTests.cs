using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>What is known of each call afterwards.</summary>
public sealed class RecordTests
{
    private const string Script =
        """
        # the first call of a table always goes to the real tool
        iptables -N web
        iptables -N web
        iptables -N web || true
        if iptables -C web -s 10.0.0.1 -j DROP; then :; fi
        iptables -A web -s 10.0.0.1 -j DROP
        iptables -A web -s 10.0.0.1 -j NOPE
        iptables -V >/dev/null
        exit 0
        """;

    [Theory]
    [InlineData("bash", "Functions")]
    [InlineData("dash", "Functions")]
    [InlineData("dash", "Shim")]
    [InlineData("bash", "OldKernel")]
    [InlineData("dash", "Exact")]
    public void KnowsEveryStatus(string shell, string way)
    {
        StagedScript.Outcome outcome = StagedScript.Run($"#!/bin/{shell}\n{Script}", "nft", Enum.Parse<StagedScript.Way>(way));
        Assert.Equal([0, 1, 1, 1, 0, 2, 0], outcome.Calls.Select(call => call.Status ?? -1));
        Assert.Equal(["iptables", "-A", "web", "-s", "10.0.0.1", "-j", "NOPE"], outcome.Calls[5].Words);
        Assert.Equal(way == "Functions" ? [null, false, true, true, null, false, null] : new bool?[7], outcome.Calls.Select(call => call.IsHandled));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public void KnowsWhatIsHandledWhereverItStands(string shell)
    {
        // In $( ) dash has -e in force again.
        const string Calls =
            """
            call() { iptables -A none -j ACCEPT; }
            if call; then :; fi
            eval 'iptables -A none -j ACCEPT' || :
            x=$(iptables -A none -j ACCEPT) || :
            ( call ) || :
            for i in 1; do call; done || :
            call && :
            call
            eval 'iptables -A none -j ACCEPT'
            : && call
            x=$(call)
            iptables -A none -j ACCEPT | cat
            exit 0
            """;
        StagedScript.Outcome outcome = StagedScript.Run($"#!/bin/{shell}\n{Calls}", "nft", StagedScript.Way.Functions);
        Assert.Equal([true, true, shell == "bash", true, true, true, false, false, false, false, false], outcome.Calls.Select(call => call.IsHandled));
        Assert.Equal("", outcome.Output);
    }

    [Theory]
    [InlineData("bash", "Functions")]
    [InlineData("dash", "Functions")]
    [InlineData("dash", "Shim")]
    [InlineData("dash", "Exact")]
    public void KnowsWhoseMessagesAreThrownAway(string shell, string way)
    {
        const string Calls =
            """
            iptables -A none -j ACCEPT
            x=$(iptables -A none -j ACCEPT 2>/dev/null)
            (iptables -A none -j ACCEPT) 2>/dev/null
            exec 2>/dev/null
            (exec 2>&1; iptables -A none -j ACCEPT)
            iptables -A none -j ACCEPT
            """;
        StagedScript.Outcome outcome = StagedScript.Run($"#!/bin/{shell}\n{Calls}", "nft", Enum.Parse<StagedScript.Way>(way));
        Assert.Equal([false, true, true, false, true], outcome.Calls.Select(call => call.IsMessageDiscarded));
    }

    [Fact]
    public void ATableIsReadOnlyWhereThatPays()
    {
        // -F of a chain that is not there leaves what is known; after an nft -X it has to be read again.
        string[] calls = ["-A INPUT", "-A INPUT", "-A INPUT", "-A INPUT", "-F none", "-A INPUT", "-N one", "-X one", "-A INPUT", "-A INPUT", "-A INPUT"];
        IEnumerable<string> lines = calls.Select((call, n) => $"iptables {call}{(call.StartsWith("-A", StringComparison.Ordinal) ? $" -s 10.0.0.{n} -j DROP" : "")}\n");
        StagedScript.Outcome outcome = StagedScript.Run(
            $"#!/bin/sh\n{string.Concat(lines)}", "nft", StagedScript.Way.Shim, patience: TableSession.Patience);
        Assert.Equal([false, false, false, true, false, true, true, false, false, false, true], outcome.Calls.Select(call => call.WasBatched));
    }

    [Fact]
    public void BashTellsTheLine()
    {
        StagedScript.Outcome outcome = StagedScript.Run($"#!/bin/bash\n{Script}", "legacy", StagedScript.Way.Functions);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], outcome.Calls.Select(call => call.Line));
        Assert.All(outcome.Calls, call => Assert.EndsWith("/script", call.File, StringComparison.Ordinal));
    }
}
