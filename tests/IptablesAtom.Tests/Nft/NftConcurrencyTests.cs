using IptablesAtom.Committing;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>Other programs change rules all the time: none of their changes is lost, and commits come through.</summary>
public sealed class NftConcurrencyTests
{
    [Fact]
    public void NoChangeOfOthersIsLost()
    {
        using TestNamespace live = new();
        using TestNamespace one = new();
        using TestNamespace two = new();
        const string Foreign = "iptables-nft -N f2b; iptables-nft -I INPUT -j f2b; ";
        live.Sh(Foreign);
        one.Sh(Foreign + "iptables-nft -A INPUT -s 10.0.0.1 -j DROP; iptables-nft -P FORWARD DROP; ip6tables-nft -A INPUT -j LOG");
        two.Sh(Foreign + "iptables-nft -A INPUT -s 10.0.0.2 -j DROP; iptables-nft -A OUTPUT -s 10.0.0.3; ip6tables-nft -A INPUT -j ACCEPT");
        string writer = Path.GetTempFileName();
        File.WriteAllText(writer, "for i in $(seq 1 120); do iptables-nft -A f2b -s 10.1.0.$i -j DROP || exit 1; nft add table inet t$i; done; echo done");
        try
        {
            string? said = null;
            Thread foreign = new(() => said = live.Sh($"sh {writer}"));
            foreign.Start();
            int commits = 0;
            while (foreign.IsAlive || commits < 20)
            {
                // The plan's list of f2b's rules may be out of date: the commit does not write to that chain.
                Commit(live, commits++ % 2 == 0 ? one : two);
            }

            foreign.Join();
            Assert.Equal("done", said?.Trim());
            Commit(live, one);
            Assert.Equal("120", live.Sh("iptables-nft -S f2b | grep -c -- -A").Trim());
            Assert.Equal(one.Sh("iptables-nft -S INPUT; ip6tables-nft -S"), live.Sh("iptables-nft -S INPUT; ip6tables-nft -S"));
            Assert.Equal("-P FORWARD DROP\n", live.Sh("iptables-nft -S FORWARD"));
            Assert.Equal("120", live.Sh("nft list tables | grep -c inet").Trim());
        }
        finally
        {
            File.Delete(writer);
        }
    }

    private static void Commit(TestNamespace live, TestNamespace staging)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Snapshot planned = NftTestPlan.Read(live);
                Snapshot staged = NftTestPlan.Read(staging);
                List<TableChange> changes = NftTestPlan.Changes(planned, staged).ConvertAll(change => KeepForeign(change));
                using NftCommit commit = new(live.Namespace, planned, changes, NftTestPlan.SetIndex(live));
                commit.Prepare();
                commit.Apply();
                commit.Finish();
                return;
            }
            catch (GenerationConflictException) when (attempt < 20)
            {
                // Planned again from what is there now.
            }
        }
    }

    private static TableChange KeepForeign(TableChange change) => change with
    {
        Desired = change.Desired!.With([.. change.Desired.Chains.Select(chain =>
            chain.Name == "f2b" ? change.Live!.Find("f2b")! : chain)]),
    };
}
