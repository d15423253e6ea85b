using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

/// <summary>Commits that end in the middle, as when they are killed.</summary>
public sealed class LegacyRecoveryTests
{
    private const string Old = """
        for t in iptables ip6tables; do
          $t-legacy -N web; $t-legacy -N only; $t-legacy -A web -j only; $t-legacy -A INPUT -g web; $t-legacy -A INPUT; $t-legacy -P FORWARD DROP
          $t-legacy -t nat -A PREROUTING -p udp -j REDIRECT
        done
        """;

    private const string New = """
        for t in iptables ip6tables; do
          $t-legacy -N fresh; $t-legacy -N web; $t-legacy -A web -p udp -j fresh; $t-legacy -A fresh -j RETURN; $t-legacy -A INPUT -j web; $t-legacy -P INPUT DROP
          $t-legacy -t nat -A OUTPUT -p tcp -j REDIRECT
        done
        """;

    [Theory]
    [InlineData("legacy merge ip6tables-legacy nat", false)]
    [InlineData("legacy flip", false)]
    [InlineData("legacy settle iptables-legacy filter", true)]
    [InlineData("legacy settle ip6tables-legacy filter", true)]
    [InlineData("legacy remove switch", true)]
    public void TheSideInForceStays(string killedBefore, bool isNew)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        string before = live.Dump();
        Abandon(live, staged, killedBefore);
        Assert.NotEmpty(LegacyPlan.Leftovers(live));
        live.Sh("iptables-legacy-save | iptables-legacy-restore --test; ip6tables-legacy-save | ip6tables-legacy-restore --test");

        IReadOnlyList<string> report = LegacyRecovery.Run(live.Namespace, LegacyPlan.Options(live));

        Assert.Empty(LegacyPlan.Leftovers(live));
        Assert.Equal(isNew ? staged.Dump() : before, live.Dump());
        Assert.Equal(killedBefore == "legacy remove switch" ? 0 : 1, report.Count);
        Assert.All(report, line => Assert.Contains(isNew ? "the new legacy rules" : "the old legacy rules", line, StringComparison.Ordinal));
        Assert.Empty(LegacyRecovery.Run(live.Namespace, LegacyPlan.Options(live)));
    }

    /// <summary>The next commit clears up by itself, and asks for a new plan.</summary>
    [Fact]
    public void TheNextCommitRecovers()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        string before = live.Dump();
        Abandon(live, staged, "legacy flip");
        using LegacyCommit commit = new(LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live));
        Assert.Throws<LegacyConflictException>(() => commit.Prepare(live.Namespace.SetIndex));
        commit.Revert();
        Assert.Equal(before, live.Dump());
        Assert.Equal(LegacyMethod.Switch, LegacyPlan.Commit(live, staged));
        Assert.Equal(staged.Dump(), live.Dump());
    }

    /// <summary>Killed while a commit was being taken back: a switch inside a switch.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASwitchInsideASwitchIsTakenApartFromOutside(bool innerIsOn)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        using TestNamespace third = new();
        live.Sh(Old);
        staged.Sh(New);
        third.Sh(Old);
        third.Sh("iptables-legacy -A INPUT -s 192.0.2.1; ip6tables-legacy -A web -s 2001:db8::1");
        Abandon(live, staged, "legacy settle iptables-legacy filter");
        Nest(live, third, innerIsOn);
        LegacyRecovery.Run(live.Namespace, LegacyPlan.Options(live));
        Assert.Empty(LegacyPlan.Leftovers(live));
        Assert.Equal(innerIsOn ? third.Dump() : staged.Dump(), live.Dump());
    }

    /// <summary>Killed between the flip of the rules and their return to the sets' own names: nothing temporary stays.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RulesGoBackToTheSetsThemselves(bool isSwapped)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Script("192.0.2.1", "-j DROP"));
        staged.Sh(Script("192.0.2.2", "-j ACCEPT"));
        Plan plan = LegacyPlan.ReplaceWithSets(live.Namespace, staged.Namespace);
        using (SetCommit sets = SetCommit.For(plan, live.Namespace))
        using (LegacyCommit commit = new(plan, live.Namespace, LegacyPlan.Options(live)))
        {
            sets.Prepare();
            commit.Prepare(sets.FlipIndex);
            commit.Apply();
            if (isSwapped)
            {
                sets.Swap();
            }
        }

        LegacyRecovery.Run(live.Namespace, LegacyPlan.Options(live));
        Assert.Empty(LegacyPlan.Leftovers(live));
        Assert.Equal(staged.Dump(), live.Dump());

        static string Script(string entry, string target) => $"""
            ipset create hosts hash:ip; ipset add hosts {entry}; ipset create all list:set; ipset add all hosts
            for table in filter mangle; do
              iptables-legacy -t $table -A INPUT -m set --match-set hosts src {target}; iptables-legacy -t $table -A INPUT -m set --match-set all dst
            done
            """;
    }

    [Fact]
    public void WhatOthersDidToTheMergedTableStays()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        Abandon(live, staged, "legacy flip");
        live.Sh("iptables-legacy -A INPUT -s 192.0.2.1 -j DROP; ip6tables-legacy -F INPUT");
        LegacyRecovery.Run(live.Namespace, LegacyPlan.Options(live));
        Assert.Empty(LegacyPlan.Leftovers(live));
        Assert.Equal("-P INPUT ACCEPT\n-A INPUT -g web\n-A INPUT\n-A INPUT -s 192.0.2.1/32 -j DROP\n", live.Sh("iptables-legacy -S INPUT"));
        Assert.Equal("-P INPUT ACCEPT\n", live.Sh("ip6tables-legacy -S INPUT"));
    }

    /// <summary>Merges both filter tables with those of another namespace behind a switch of its own, as the way back of a commit does.</summary>
    private static void Nest(TestNamespace live, TestNamespace third, bool isOn)
    {
        using IpsetSocket sets = IpsetSocket.Open(live.Namespace);
        LegacySwitch inner = LegacySwitch.New(sets);
        ushort off = inner.Create();
        using LegacySockets sockets = new(live.Namespace);
        foreach (Table table in LegacySnapshot.Read(live.Namespace))
        {
            Table other = LegacySnapshot.Read(third.Namespace).Single(item => item.Id == table.Id);
            XtablesBlob merged = LegacyEncoder.Encode(LegacyMerge.Merge(
                table, other, inner.Prefix, index => (LegacySwitch.Match(index, 4), 4), off, []), live.Namespace.SetIndex);
            sockets[table.Id.Family].Replace(table.Id.Name, merged, sockets[table.Id.Family].GetInfo(table.Id.Name).EntryCount);
        }

        if (isOn)
        {
            inner.Flip();
        }
    }

    private static void Abandon(TestNamespace live, TestNamespace staged, string before)
    {
        using LegacyCommit commit = new(LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live) with
        {
            Step = step =>
            {
                if (step == before)
                {
                    throw new OperationCanceledException(step);
                }
            },
        });
        Assert.Throws<OperationCanceledException>(() =>
        {
            commit.Prepare(live.Namespace.SetIndex);
            commit.Apply();
            commit.Settle(live.Namespace.SetIndex);
            commit.Finish();
        });
    }
}
