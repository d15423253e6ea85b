using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>Rules whose set changes with them look at a temporary set for the flip, and at the set's own name afterwards.</summary>
public sealed class NftRepointTests
{
    [Theory]
    [InlineData("iptables-nft -P INPUT ACCEPT")]
    [InlineData("iptables-nft -P INPUT DROP; iptables-nft -A INPUT -s 10.0.0.5 -j RETURN")]
    public void RulesOfAChangedSetMoveTwice(string more)
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("""
            ip link set lo up
            ipset create s hash:ip; ipset add s 10.0.0.1; ipset create other hash:ip
            iptables-nft -A INPUT -m set --match-set other src -j DROP
            iptables-nft -A INPUT -m set ! --match-set s src -j ACCEPT
            iptables-nft -t mangle -A FORWARD -j SET --add-set s src --exist
            for i in 1 2 3; do bash -c 'echo x > /dev/udp/127.0.0.1/9'; done
            """);
        string counted = live.Sh(Counted);
        Assert.NotEqual("0", counted.Trim());
        staging.Sh($"""
            ipset create zzz hash:ip; ipset create other hash:ip; ipset create s hash:ip
            iptables-nft -A INPUT -m set --match-set other src -j DROP
            iptables-nft -A INPUT -m set ! --match-set s src -j ACCEPT
            iptables-nft -A INPUT -m set --match-set s src,dst -j LOG
            {more}
            """);
        live.Sh("ipset create temporary hash:ip; ipset add temporary 10.0.0.2");
        Func<string, ushort> final = NftTestPlan.SetIndex(live);
        Snapshot planned = NftTestPlan.Read(live);
        List<TableChange> changes = NftTestPlan.Changes(planned, NftTestPlan.Read(staging));
        using (NftCommit commit = new(live.Namespace, planned, changes, name => final(name == "s" ? "temporary" : name)))
        {
            commit.Prepare();
            commit.Apply();

            // The table that the plan does not change, too: else it would see the new content at another moment.
            Assert.Contains("--add-set temporary src", live.Sh("iptables-nft -t mangle -S FORWARD"), StringComparison.Ordinal);
            WaitUntilUnreferenced(live, "s");
            live.Sh("ipset swap s temporary");
            commit.Repoint(final);
            WaitUntilUnreferenced(live, "temporary");
            commit.Finish();
        }

        live.Sh("ipset destroy temporary");
        Assert.Equal(staging.Sh("iptables-nft -S"), live.Sh("iptables-nft -S"));
        Assert.Contains("--add-set s src", live.Sh("iptables-nft -t mangle -S FORWARD"), StringComparison.Ordinal);
        Assert.Empty(NftVerification.Differences(changes, NftTestPlan.Read(live)));
        if (more.EndsWith("ACCEPT", StringComparison.Ordinal))
        {
            Assert.Equal(counted, live.Sh(Counted));
        }
    }

    private const string Counted = "iptables-nft -nvxL INPUT 2 | awk '{ print $1 }'";

    /// <summary>The kernel gives the references of replaced rules back some milliseconds after the commit.</summary>
    private static void WaitUntilUnreferenced(TestNamespace live, string set) =>
        live.Sh($"for i in $(seq 100); do ipset list -t {set} | grep -qx 'References: 0' && exit 0; sleep 0.05; done; exit 1");
}
