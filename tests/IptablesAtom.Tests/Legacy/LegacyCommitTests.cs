using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Planning;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

public sealed class LegacyCommitTests
{
    private const string Old = """
        ipset create other hash:net; ipset create hosts hash:ip; ipset create hosts6 hash:ip family inet6
        for t in iptables ip6tables; do
          $t-legacy -N web; $t-legacy -N gone; $t-legacy -A web -p tcp --dport 80 -j ACCEPT
          $t-legacy -A INPUT -p tcp --dport 1 -c 5 50 -j ACCEPT; $t-legacy -A INPUT -j web; $t-legacy -A INPUT -g gone; $t-legacy -A INPUT
          $t-legacy -P INPUT DROP; $t-legacy -t mangle -A PREROUTING -j MARK --set-mark 1
        done
        iptables-legacy -A INPUT -m set --match-set hosts src -j DROP
        arptables-legacy -A INPUT -s 10.0.0.1 -j DROP
        """;

    private const string New = """
        ipset create hosts6 hash:ip family inet6; ipset create hosts hash:ip
        for t in iptables ip6tables; do
          $t-legacy -N web; $t-legacy -N added; $t-legacy -A web -p tcp --dport 8080 -j ACCEPT; $t-legacy -A web -j added; $t-legacy -A added -j RETURN
          $t-legacy -A INPUT -j web; $t-legacy -A INPUT -p tcp --dport 1 -j ACCEPT; $t-legacy -A FORWARD -g web; $t-legacy -A INPUT
          $t-legacy -P FORWARD DROP; $t-legacy -t raw -A PREROUTING -p udp -j DROP
          $t-legacy -t mangle -S >/dev/null
        done
        iptables-legacy -A INPUT -m set --match-set hosts dst -j DROP
        ip6tables-legacy -A INPUT -m set ! --match-set hosts6 src -j SET --add-set hosts6 src
        arptables-legacy -A OUTPUT -d 10.0.0.1 -j DROP
        """;

    [Fact]
    public void SeveralTablesBecomeTheStagedOnesThroughASwitch()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);

        Assert.Equal(LegacyMethod.Switch, LegacyPlan.Commit(live, staged));

        live.Sh("ipset destroy other");
        Assert.Equal(staged.Dump(), live.Dump());
        Assert.Empty(LegacyPlan.Leftovers(live));
        Assert.Equal(LegacyMethod.Nothing, LegacyPlan.Commit(live, staged));
    }

    [Fact]
    public void KeptRulesKeepTheirCounters()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        LegacyPlan.Commit(live, staged);
        Assert.Contains("-A INPUT -p tcp -m tcp --dport 1 -c 5 50 -j ACCEPT", live.Sh("iptables-legacy -S INPUT -v"), StringComparison.Ordinal);
        Assert.Contains("-A INPUT -j web -c 0 0", live.Sh("iptables-legacy -S INPUT -v").Replace("-c 0 0 -j web", "-j web -c 0 0", StringComparison.Ordinal), StringComparison.Ordinal);
        LegacyPlan.Commit(staged, live, LegacyPlan.Options(staged) with { ZeroCounters = true });
        Assert.DoesNotContain("-c 5 50", staged.Sh("iptables-legacy -S -v"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneTableIsOneReplace()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh("iptables-legacy -A INPUT -j DROP; ip6tables-legacy -A INPUT -j DROP");
        staged.Sh("iptables-legacy -A INPUT -j ACCEPT; ip6tables-legacy -A INPUT -j DROP");
        List<string> steps = [];
        Assert.Equal(LegacyMethod.Replace, LegacyPlan.Commit(live, staged, LegacyPlan.Options(live) with { Step = steps.Add }));
        Assert.Equal(staged.Dump(), live.Dump());
        Assert.Equal(["legacy replace iptables-legacy filter"], steps.Where(step => step.Contains("replace", StringComparison.Ordinal)));
    }

    [Fact]
    public void WithoutIpsetTablesGoBackToBack()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        using LegacyCommit commit = new(
            LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live) with { UseSwitch = false });
        commit.Prepare(live.Namespace.SetIndex);
        commit.Apply();
        Assert.True(commit.Window > TimeSpan.Zero);
        commit.Settle(live.Namespace.SetIndex);
        commit.Finish();
        live.Sh("ipset destroy other");
        Assert.Equal(staged.Dump(), live.Dump());
    }

    /// <summary>Whatever step fails, the old tables come back byte for byte, with their counters.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFailureAtAnyStepBringsTheOldTablesBack(bool useSwitch)
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        live.Sh("for t in iptables ip6tables; do $t-legacy -t raw -S >/dev/null; done");
        SortedDictionary<string, XtablesBlob> before = live.Namespace.Blobs();
        string text = live.Sh("iptables-legacy-save -c | grep -v '^#' | sort; ip6tables-legacy-save -c | grep -v '^#' | sort");
        int steps = 0;
        for (int failing = 1; ; failing++)
        {
            int at = 0;
            string name = "";
            using LegacyCommit commit = new(LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live) with
            {
                UseSwitch = useSwitch,
                Step = step =>
                {
                    name = step;
                    if (++at == failing)
                    {
                        throw new InvalidOperationException(step);
                    }
                },
            });
            try
            {
                commit.Prepare(live.Namespace.SetIndex);
                commit.Apply();
                commit.Settle(live.Namespace.SetIndex);
                commit.Finish();
                break;
            }
            catch (InvalidOperationException)
            {
                commit.Revert();
            }

            steps++;
            Assert.Empty(LegacyPlan.Leftovers(live));
            SortedDictionary<string, XtablesBlob> after = live.Namespace.Blobs();
            Assert.Equal(before.Keys, after.Keys);
            Assert.All(before, pair => Assert.True(pair.Value.SameAs(after[pair.Key]), $"after a failure at \"{name}\": {pair.Key}"));
            Assert.Equal(text, live.Sh("iptables-legacy-save -c | grep -v '^#' | sort; ip6tables-legacy-save -c | grep -v '^#' | sort"));
        }

        Assert.InRange(steps, useSwitch ? 25 : 15, 60);
        live.Sh("ipset destroy other");
        Assert.Equal(staged.Dump(), live.Dump());
    }

    /// <summary>A commit that is done can still be taken back, in one step.</summary>
    [Fact]
    public void AFinishedCommitCanBeReverted()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        live.Sh("for t in iptables ip6tables; do $t-legacy -t raw -S >/dev/null; done");
        string before = live.Dump();
        using LegacyCommit commit = new(LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live));
        commit.Prepare(live.Namespace.SetIndex);
        commit.Apply();
        commit.Settle(live.Namespace.SetIndex);
        commit.Finish();
        commit.Revert();
        Assert.Equal(before, live.Dump());
        Assert.Empty(LegacyPlan.Leftovers(live));
    }

    /// <summary>The kernel would not notice this one: the number of entries is the same.</summary>
    [Fact]
    public void AChangedTableIsAConflict()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        Plan plan = LegacyPlan.Replace(live.Namespace, staged.Namespace);
        live.Sh("ip6tables-legacy -R INPUT 1 -p tcp --dport 2 -j ACCEPT");
        string before = live.Dump();
        using LegacyCommit commit = new(plan, live.Namespace, LegacyPlan.Options(live));
        LegacyConflictException conflict = Assert.Throws<LegacyConflictException>(() => commit.Prepare(live.Namespace.SetIndex));
        commit.Revert();
        Assert.Equal(new TableId(Backend.Legacy, Family.Ipv6, "filter"), conflict.Table);
        Assert.Equal(before, live.Dump());
    }

    /// <summary>A program that takes no lock changes a merged table: nothing is flipped, and its change is not lost.</summary>
    [Fact]
    public void AChangeBehindTheLockIsAConflictAndStays()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh(Old);
        staged.Sh(New);
        using LegacyCommit commit = new(LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live));
        commit.Prepare(live.Namespace.SetIndex);
        live.Sh("f=$(mktemp -u); XTABLES_LOCKFILE=$f iptables-legacy -A INPUT -s 192.0.2.77 -j DROP; rm -f $f");
        Assert.Throws<LegacyConflictException>(commit.Apply);
        commit.Revert();
        Assert.Empty(LegacyPlan.Leftovers(live));
        live.Sh("iptables-legacy -D INPUT -s 192.0.2.77 -j DROP");
        using TestNamespace again = new();
        again.Sh(Old);
        again.Sh("for t in iptables ip6tables; do $t-legacy -t raw -S >/dev/null; done"); // asking for a table made it
        Assert.Equal(again.Dump(), live.Dump());
    }

    [Fact]
    public void TheLockIsWaitedForAndItsHolderNamed()
    {
        using TestNamespace live = new();
        using TestNamespace staged = new();
        live.Sh("iptables-legacy -A INPUT -j DROP");
        staged.Sh("iptables-legacy -A INPUT -j ACCEPT");
        using (XtablesLock.Take(TimeSpan.Zero, live.LockFile))
        {
            using LegacyCommit commit = new(
                LegacyPlan.Replace(live.Namespace, staged.Namespace), live.Namespace, LegacyPlan.Options(live) with { Wait = TimeSpan.FromMilliseconds(50) });
            LockException exception = Assert.Throws<LockException>(() => commit.Prepare(live.Namespace.SetIndex));
            Assert.Equal(Environment.ProcessId, exception.Holder);
        }

        Assert.Equal(LegacyMethod.Replace, LegacyPlan.Commit(live, staged));
    }
}
