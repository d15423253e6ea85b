using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

public sealed class NftCommitTests
{
    private const string Hundred = "{ echo '*filter'; echo ':many - [0:0]'; for i in $(seq 1 100); do echo \"-A many -s 10.0.0.$i -j ACCEPT\"; done; echo '-A INPUT -j many'; echo COMMIT; } | iptables-nft-restore";

    [Fact]
    public void OneChangeAmongManyIsOneDeleteAndOneInsert()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(Hundred + "; iptables-nft -Z; ip link set lo up; iptables-nft -I many 60 -s 127.0.0.1 -m comment --comment kept");
        live.Sh("for i in 1 2 3; do bash -c 'echo x > /dev/udp/127.0.0.1/9'; done");
        staging.Sh(Hundred + "; iptables-nft -I many 60 -s 127.0.0.1 -m comment --comment kept; iptables-nft -R many 30 -s 10.9.9.9 -j DROP");
        ulong[] before = Handles(live);
        string counters = live.Sh("iptables-nft -t filter -L many 60 -nvx");
        using (NftCommit commit = NftTestPlan.Commit(live, staging))
        {
            commit.Prepare();
            Assert.Equal(["delete rule", "add rule"], commit.Operations.Select(operation => operation.Verb));
            commit.Apply();
            commit.Finish();
        }

        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
        Assert.Equal(counters, live.Sh("iptables-nft -t filter -L many 60 -nvx"));
        Assert.Single(before, handle => !Handles(live).Contains(handle));
    }

    [Fact]
    public void EditsOfEveryKindEndAsStaged()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(NftCorpus.Rules);
        staging.Sh(NftCorpus.Rules + """

            $i -D INPUT 3; $i -I INPUT 2 -s 10.0.0.99 -j ACCEPT; $i -R INPUT 5 -p udp -j DROP; $i -I INPUT 1 -j ssh
            $i -X never; $i -N later; $i -A later -j RETURN; $i -A FORWARD -j later; $i -P FORWARD ACCEPT; $i -P OUTPUT DROP
            $i -t nat -F; $i -F ssh; $i -A OUTPUT -j LOG
            ebtables-nft -F FORWARD; ebtables-nft -A FORWARD --among-src 00:11:22:33:44:55=10.0.0.7 -j among; ebtables-nft -P FORWARD ACCEPT
            $j -F; $j -P INPUT ACCEPT; $j -P FORWARD DROP; $j -A FORWARD -j DROP
            """);
        List<string> steps = [];
        Snapshot planned = NftTestPlan.Read(live);
        List<TableChange> changes = NftTestPlan.Changes(planned, NftTestPlan.Read(staging));
        using (NftCommit commit = new(live.Namespace, planned, changes, NftTestPlan.SetIndex(live), steps.Add))
        {
            commit.Prepare();
            commit.Apply();
            commit.Finish();
        }

        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
        Assert.Equal(NftTestPlan.Nft(staging), NftTestPlan.Nft(live));
        Assert.Empty(NftVerification.Differences(changes, NftTestPlan.Read(live)));
        Assert.Equal(["nft prepare", "nft flip", "nft policies", "nft finish"], steps);
    }

    [Fact]
    public void RefusalNamesRuleAndOriginAndLeavesLiveAlone()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("iptables-nft -A INPUT -s 10.0.0.1 -j DROP");
        staging.Sh("iptables-nft -A INPUT -s 10.0.0.2 -j ACCEPT; iptables-nft -N a; iptables-nft -N b; iptables-nft -A a -j b; iptables-nft -A INPUT -j a");
        Snapshot now = NftTestPlan.Read(live);
        List<TableChange> changes = NftTestPlan.Changes(now, NftTestPlan.Read(staging));
        Rule bad = changes[0].Desired!.Find("a")!.Rules[0];
        bad.Text = "-A a -j b";
        bad.Origin = new Origin("fw.sh", 12, ["iptables", "-A", "a", "-j", "b"]);

        // A jump back makes a loop.
        Rule back = changes[0].Desired!.Find("INPUT")!.Rules[1];
        Table looped = changes[0].Desired!.With([.. changes[0].Desired!.Chains.Select(chain =>
            chain.Name == "b" ? chain.With([back, bad]) : chain)]);
        string before = live.Sh("nft list ruleset");
        using NftCommit commit = new(live.Namespace, now, [new TableChange(looped.Id, changes[0].Live, looped)], NftTestPlan.SetIndex(live));
        commit.Prepare();
        BatchException refusal = Assert.Throws<BatchException>(commit.Apply);
        Assert.Contains(refusal.Failures, failure => failure.Errno == Netlink.Linux.Errno.EMLINK && failure.Chain == "b");
        Assert.Contains("fw.sh:12", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-A a -j b", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, live.Sh("nft list ruleset"));
    }

    [Fact]
    public void ChangeOfTheSameChainByAnotherIsAConflict()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("iptables-nft -A INPUT -s 10.0.0.1 -j DROP");
        staging.Sh("iptables-nft -A INPUT -s 10.0.0.2 -j ACCEPT");
        using NftCommit early = NftTestPlan.Commit(live, staging);
        using NftCommit late = NftTestPlan.Commit(live, staging);
        late.Prepare();
        live.Sh("iptables-nft -A INPUT -s 10.0.0.3 -j DROP");
        string now = live.Sh("nft list ruleset");
        Assert.Equal("INPUT", Assert.Throws<GenerationConflictException>(early.Prepare).Chain);
        Assert.Equal("INPUT", Assert.Throws<GenerationConflictException>(late.Apply).Chain);
        Assert.Equal(now, live.Sh("nft list ruleset"));
    }

    [Fact]
    public void ChangesElsewhereAreNoConflict()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("iptables-nft -A INPUT -s 10.0.0.1 -j DROP; iptables-nft -N f2b; ip6tables-nft -P INPUT DROP");
        staging.Sh("iptables-nft -A INPUT -s 10.0.0.2 -j ACCEPT; iptables-nft -N f2b");
        using NftCommit commit = NftTestPlan.Commit(live, staging);
        live.Sh("nft add table inet other");
        commit.Prepare();
        live.Sh("nft add set inet other s '{ type ipv4_addr; }'; iptables-nft -A f2b -s 10.0.0.3 -j DROP");
        commit.Apply();
        Assert.Equal("-N f2b\n-A f2b -s 10.0.0.3/32 -j DROP\n", live.Sh("iptables-nft -S f2b"));
        Assert.Contains("-A INPUT -s 10.0.0.2/32 -j ACCEPT", live.Sh("iptables-nft -S INPUT"), StringComparison.Ordinal);
        Assert.Contains("set s", live.Sh("nft list table inet other"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nft prepare", false)]
    [InlineData("nft flip", false)]
    [InlineData("nft policies", true)]
    [InlineData("nft finish", true)]
    public void CutAtAStepItIsOldOrNew(string cut, bool isNew)
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("iptables-nft -A INPUT -s 10.0.0.1 -j DROP; iptables-nft -A OUTPUT -d 10.0.0.9 -j ACCEPT");
        staging.Sh("iptables-nft -P INPUT DROP; iptables-nft -A INPUT -s 10.0.0.2 -j ACCEPT; iptables-nft -A INPUT -s 10.0.0.4 -j RETURN; iptables-nft -P OUTPUT DROP");
        string before = NftTestPlan.Saved(live);
        using (NftCommit commit = NftTestPlan.Commit(live, staging, step =>
            {
                if (step == cut)
                {
                    throw new OperationCanceledException(step);
                }
            }))
        {
            Assert.Throws<OperationCanceledException>(() =>
            {
                commit.Prepare();
                commit.Apply();
                commit.Finish();
            });
        }

        // The next commit finishes what was cut off, then asks for a plan from what is there now.
        using (NftCommit next = NftTestPlan.Commit(live, live))
        {
            if (isNew)
            {
                Assert.Throws<GenerationConflictException>(next.Prepare);
            }
            else
            {
                next.Prepare();
                Assert.Equal(0, next.Messages);
            }
        }

        Assert.Equal(isNew ? NftTestPlan.Saved(staging) : before, NftTestPlan.Saved(live));
    }

    [Theory]
    [InlineData("nft policies")]
    [InlineData("nft finish")]
    public void CutAtAStepItCanBeTakenBack(string cut)
    {
        using TestNamespace live = new();
        using TestNamespace before = new();
        using TestNamespace staging = new();
        const string Old = "iptables-nft -P FORWARD DROP; iptables-nft -A INPUT -s 10.0.0.1 -j DROP; iptables-nft -A OUTPUT -d 10.0.0.9 -j ACCEPT; iptables-nft -A FORWARD -j RETURN";
        live.Sh(Old);
        before.Sh(Old);
        staging.Sh("iptables-nft -P INPUT DROP; iptables-nft -A INPUT -s 10.0.0.4 -j RETURN; iptables-nft -P OUTPUT DROP; iptables-nft -P FORWARD ACCEPT");
        using (NftCommit commit = NftTestPlan.Commit(live, staging, step =>
            {
                if (step == cut)
                {
                    throw new OperationCanceledException(step);
                }
            }))
        {
            commit.Prepare();
            commit.Apply();
            Assert.Throws<OperationCanceledException>(commit.Finish);
        }

        NftTestPlan.Transplant(live, before);
        Assert.Equal(NftTestPlan.Saved(before), NftTestPlan.Saved(live));
    }

    [Fact]
    public void SeedCopiesCountersAndPolicies()
    {
        using TestNamespace live = new();
        using TestNamespace copy = new();
        live.Sh(NftCorpus.Rules + "\nip link set lo up; iptables-nft -I OUTPUT -j ACCEPT; iptables-nft -P OUTPUT DROP; for i in 1 2 3; do bash -c 'echo x > /dev/udp/127.0.0.1/9'; done");
        copy.Sh("ipset create zzz hash:ip; ipset create log hash:ip; ipset create blocked hash:net");
        NftCommit.Seed(copy.Namespace, NftTestPlan.Read(live).Tables, NftTestPlan.SetIndex(copy));
        const string Save = "for t in iptables-nft ip6tables-nft arptables-nft ebtables-nft; do $t-save -c | grep -v '^#'; done";
        Assert.Equal(live.Sh(Save), copy.Sh(Save));
    }

    private static ulong[] Handles(TestNamespace target) =>
        [.. NftTestPlan.Read(target).Tables[0].Find("many")!.Rules.Select(rule => rule.Handle)];
}
