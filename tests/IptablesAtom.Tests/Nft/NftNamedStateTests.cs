using IptablesAtom.Committing;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>What the kernel keeps by name: new parameters are in force after the commit, not only shown.</summary>
public sealed class NftNamedStateTests
{
    private const string Matched = "iptables-nft -nvxL INPUT 1 | awk '{ print $1 }'";

    [Theory]
    [InlineData("ACCEPT")]
    [InlineData("DROP")]
    public void HashlimitTakesItsNewRate(string policy)
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("ip link set lo up; iptables-nft -A INPUT -p udp -m hashlimit --hashlimit-name h --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip -j ACCEPT; " + Send);
        Assert.Equal("1", live.Sh(Matched).Trim());
        staging.Sh($"iptables-nft -P INPUT {policy}; iptables-nft -A INPUT -p udp -m hashlimit --hashlimit-name h --hashlimit-upto 1000/sec --hashlimit-burst 50 --hashlimit-mode srcip -j ACCEPT; iptables-nft -A INPUT -s 10.0.0.1 -j RETURN");
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
        live.Sh("iptables-nft -Z; " + Send);
        Assert.Equal("20", live.Sh(Matched).Trim());
        Assert.Equal("h\n", live.Sh("ls /proc/self/net/ipt_hashlimit"));
    }

    [Fact]
    public void UnchangedHashlimitKeepsItsBuckets()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        const string Rule = "iptables-nft -A INPUT -p udp -m hashlimit --hashlimit-name h --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-mode srcip -j ACCEPT";
        live.Sh($"ip link set lo up; {Rule}; {Send}");
        staging.Sh($"iptables-nft -A INPUT -s 10.0.0.1; {Rule}");
        NftTestPlan.Transplant(live, staging);
        live.Sh("iptables-nft -D INPUT 1; " + Send);
        Assert.Equal("3", live.Sh(Matched).Trim());
    }

    [Fact]
    public void EstimatorTakesItsNewInterval()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        const string Match = "iptables-nft -A INPUT -m rateest --rateest est --rateest-gt --rateest-bps 1mbit -j DROP";
        live.Sh("iptables-nft -t mangle -A PREROUTING -j RATEEST --rateest-name est --rateest-interval 250ms --rateest-ewmalog 500ms; " + Match);
        staging.Sh("iptables-nft -t mangle -A PREROUTING -j RATEEST --rateest-name est --rateest-interval 500ms --rateest-ewmalog 1s; " + Match);
        using (NftCommit commit = NftTestPlan.Commit(live, staging))
        {
            commit.Prepare();
            commit.Apply();
            Assert.Contains("iptatom-", live.Sh("iptables-nft-save"), StringComparison.Ordinal);
            commit.Finish();
        }

        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
    }

    private const string Send = "for i in $(seq 20); do bash -c 'echo x > /dev/udp/127.0.0.1/9'; done";
}
