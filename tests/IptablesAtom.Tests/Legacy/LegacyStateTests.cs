using System.Globalization;
using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

/// <summary>State beside the rules: named objects of extensions, sets, and other programs' rules.</summary>
public sealed class LegacyStateTests
{
    /// <summary>The kernel would keep the old rate, whatever the rule says.</summary>
    [Theory]
    [InlineData("iptables")]
    [InlineData("iptables ip6tables")]
    public void AChangedHashlimitTakesEffect(string tools)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh($"ip link set lo up; for t in {tools}; do {Rule("1/hour", 1)}; done; {Send(3)}");
        staged.Sh($"for t in {tools}; do {Rule("9000/sec", 500)}; done");
        Assert.Equal(
            tools == "iptables" ? LegacyMethod.Replace : LegacyMethod.Switch,
            LegacyPlan.Commit(live, staged, LegacyPlan.Options(live) with { ZeroCounters = true }));
        Assert.Equal(staged.Dump(), live.Dump());
        live.Sh(Send(10));
        string line = live.Sh("iptables-legacy -L INPUT -v -x -n | grep limit:");
        Assert.Equal(10, int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));

        static string Rule(string rate, int burst) =>
            $"$t-legacy -A INPUT -p udp -m hashlimit --hashlimit-upto {rate} --hashlimit-burst {burst} --hashlimit-name shared";
        static string Send(int packets) => $"bash -c 'for i in $(seq {packets}); do echo x >/dev/udp/127.0.0.1/9; done' 2>/dev/null || true";
    }

    /// <summary>The kernel would refuse the second estimator of a name.</summary>
    [Theory]
    [InlineData("iptables")]
    [InlineData("iptables ip6tables")]
    public void AChangedEstimatorIsAccepted(string tools)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Script("250ms"));
        staged.Sh(Script("1s"));
        Assert.Equal(LegacyMethod.Switch, LegacyPlan.Commit(live, staged));
        Assert.Equal(staged.Dump(), live.Dump());
        Assert.Equal(LegacyMethod.Nothing, LegacyPlan.Commit(live, staged));

        string Script(string interval) => $"""
            for t in {tools}; do
              $t-legacy -t mangle -A PREROUTING -j RATEEST --rateest-name est --rateest-interval {interval} --rateest-ewmalog 2s
              $t-legacy -A INPUT -m rateest --rateest est --rateest-gt --rateest-bps 1mbit -j DROP
            done
            """;
    }

    /// <summary>A set, of the same type or of another, and the rules that ask it: rules look at a temporary set for the flip, then at the set itself.</summary>
    [Theory]
    [InlineData("hash:ip", "hash:ip", false)]
    [InlineData("hash:ip", "hash:net", false)]
    [InlineData("hash:ip", "hash:net", true)]
    [InlineData("hash:ip", "hash:ip", true)]
    public void SetsChangeTogetherWithRules(string oldType, string newType, bool isInASecondTable)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh($"ipset create hosts {oldType}; ipset add hosts 192.0.2.1; iptables-legacy -A INPUT -m set --match-set hosts src -j DROP");
        staged.Sh($"ipset create hosts {newType}; ipset add hosts 192.0.2.2; iptables-legacy -A FORWARD -m set ! --match-set hosts src -j ACCEPT");
        if (isInASecondTable)
        {
            // A table that does not change otherwise: it must see the new content at the same instant.
            live.Sh("iptables-legacy -t raw -A PREROUTING -m set --match-set hosts dst -j DROP");
            staged.Sh("iptables-legacy -t raw -A PREROUTING -m set --match-set hosts dst -j DROP");
        }

        Assert.Equal(
            isInASecondTable ? LegacyMethod.Switch : LegacyMethod.Replace,
            LegacyPlan.CommitWithSets(live.Namespace, staged.Namespace, LegacyPlan.Options(live)));
        Assert.Equal(staged.Dump(), live.Dump());
        Assert.Empty(LegacyPlan.Leftovers(live));
    }

    /// <summary>Somebody appends rules by the real tool, under the lock, while both families are committed again and again: none is lost.</summary>
    [Fact]
    public void OtherProgramsLoseNothing()
    {
        using TestNamespace live = new();
        using TestNamespace even = new();
        using TestNamespace odd = new();
        live.Sh("for t in iptables ip6tables; do $t-legacy -N others; $t-legacy -A INPUT -j others; done");
        even.Sh("for t in iptables ip6tables; do $t-legacy -N others; $t-legacy -A INPUT -j others; $t-legacy -A INPUT -p udp -j DROP; done");
        odd.Sh("for t in iptables ip6tables; do $t-legacy -N others; $t-legacy -A INPUT -j others; $t-legacy -P FORWARD DROP; done");
        Exception? failure = null;
        Thread editor = new(() =>
        {
            try
            {
                live.Sh("for i in $(seq 40); do iptables-legacy -w -A others -s 192.0.2.$i -j DROP; ip6tables-legacy -w -A others -s 2001:db8::$i -j DROP; sleep 0.05; done");
            }
            catch (InvalidOperationException exception)
            {
                failure = exception;
            }
        });
        editor.Start();
        int commits = 0;
        for (int round = 0; editor.IsAlive || commits < 4; round++)
        {
            Plan plan = KeepOthers(LegacyPlan.Replace(live.Namespace, (round % 2 == 0 ? even : odd).Namespace));
            using LegacyCommit commit = new(plan, live.Namespace, LegacyPlan.Options(live));
            try
            {
                commit.Prepare(live.Namespace.SetIndex);
                commit.Apply();
                commit.Settle(live.Namespace.SetIndex);
                commit.Finish();
                commits++;
            }
            catch (LegacyConflictException)
            {
                commit.Revert();
            }
        }

        editor.Join();
        Assert.Null(failure);
        Assert.InRange(commits, 4, int.MaxValue);
        Assert.Equal("40\n40\n", live.Sh("iptables-legacy -S others | grep -c DROP; ip6tables-legacy -S others | grep -c DROP"));
    }

    private static Plan KeepOthers(Plan plan) => new()
    {
        Live = plan.Live,
        Sets = [],
        NextBase = plan.NextBase,
        Tables = [.. plan.Tables.Select(change => change with
        {
            Desired = change.Desired!.With([.. change.Desired.Chains.Select(chain => chain.Name == "others" ? change.Live!.Find("others")! : chain)]),
        })],
    };
}
