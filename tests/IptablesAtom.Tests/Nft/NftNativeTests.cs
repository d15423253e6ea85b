using IptablesAtom.Committing;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>Tables that a script made with nft itself.</summary>
public sealed class NftNativeTests
{
    private const string Native =
        """
        nft -f - <<'END'
        table inet fw {
          counter c1 { comment "mine"; }
          quota q1 { over 5 mbytes }
          limit l1 { rate 10/second }
          ct helper ftp-std { type "ftp" protocol tcp; l3proto inet; }
          set allowed { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1-192.0.2.9 } }
          set named6 { type ipv6_addr; elements = { 2001:db8::1 comment "one" } }
          set seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; size 1000; }
          set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.1 . 80-90 } }
          map ports { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.5, 443 : 10.0.0.6 } }
          map verdicts { type ifname : verdict; elements = { "eth0" : jump web, "eth1" : drop } }
          map objects { type ipv4_addr : counter; elements = { 10.0.0.1 : "c1" } }
          chain web { tcp dport { 80, 443 } accept; return; }
          chain input {
            type filter hook input priority filter; policy drop;
            ct state vmap { established : accept, related : accept, invalid : drop }
            iifname vmap @verdicts
            ip saddr @allowed counter name c1 accept
            ip6 saddr @named6 accept
            ip saddr . tcp dport @pairs accept
            tcp dport 22 jump { ip saddr 10.0.0.1 accept; limit rate 3/minute log prefix "ssh "; }
            tcp dport vmap { 25 : jump web, 26 : goto web }
            udp dport 53 add @seen { ip saddr limit rate 5/second } accept
            quota name q1 drop
            limit name l1 counter name ip saddr map @objects
            tcp dport 21 ct helper set "ftp-std"
            meta l4proto { tcp, udp } th dport 1000-2000 counter packets 5 bytes 500 reject
            tcp option maxseg size set 1200
          }
          chain nat { type nat hook prerouting priority dstnat; dnat ip to tcp dport map @ports; }
        }
        table netdev dev {
          chain in { type filter hook ingress device lo priority 0; ip saddr 10.9.9.9 drop; }
        }
        table ip raw2 { flags dormant; chain c { type route hook output priority -150; meta mark set 5; }; }
        END
        """;

    [Fact]
    public void SetsMapsObjectsAndBoundChainsArrive()
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        staging.Sh(Native);
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Nft(staging), NftTestPlan.Nft(live));
        uint generation = NftTestPlan.Read(live).Generation;
        Assert.Equal(0, NftTestPlan.Transplant(live, staging));
        Assert.Equal(generation, NftTestPlan.Read(live).Generation);
    }

    [Theory]
    [InlineData("nft add element inet fw allowed '{ 172.16.0.0/12 }'; nft delete element inet fw ports '{ 80 }'")]
    [InlineData("nft delete table netdev dev; nft add table netdev dev; nft add rule inet fw web udp dport 5 drop")]
    [InlineData("nft flush chain inet fw input; nft delete map inet fw objects; nft delete limit inet fw l1; nft delete set inet fw pairs; nft 'add chain inet fw input { policy accept; }'")]
    [InlineData("nft flush chain inet fw input; nft delete set inet fw named6; nft add set inet fw named6 '{ type ipv6_addr; flags interval; }'; nft add element inet fw named6 '{ fd00::/8 }'; nft add rule inet fw input ip6 saddr @named6 drop; nft flush chain inet fw nat; nft delete map inet fw ports; nft delete chain inet fw nat")]
    [InlineData("nft flush chain inet fw input; nft delete quota inet fw q1; nft add quota inet fw q1 'over 7 mbytes'; nft add rule inet fw input quota name q1 drop; nft add rule inet fw input tcp dport 22 jump '{ ip saddr 10.0.0.2 accept; }'")]
    [InlineData("nft insert rule inet fw input tcp dport 7 jump '{ tcp sport { 1, 2 } accept; counter; }'; nft add chain inet fw late '{ type filter hook forward priority 5; policy drop; }'; nft add rule inet fw late goto web")]
    [InlineData("nft add table ip raw2; nft delete table ip raw2; nft 'add table ip raw2'; nft add chain ip raw2 d")]
    public void ChangesEndAsStaged(string edit)
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        live.Sh(Native);
        staging.Sh(Native + "\n" + edit);
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Nft(staging), NftTestPlan.Nft(live));
    }

    [Fact]
    public void TableThatShallGoGoes()
    {
        using TestNamespace live = new();
        live.Sh(Native + "\niptables-nft -P INPUT DROP; iptables-nft -N x; iptables-nft -A INPUT -j x");
        Snapshot now = NftTestPlan.Read(live);
        TableChange[] changes = [.. now.Tables.Where(table => table.Id.Name is "fw" or "filter").Select(table => new TableChange(table.Id, table, null))];
        using (NftCommit commit = new(live.Namespace, now, changes, NftTestPlan.SetIndex(live)))
        {
            commit.Prepare();
            commit.Apply();
            commit.Finish();
        }

        Assert.Equal("table ip raw2\ntable netdev dev\n", live.Sh("nft list tables | sort"));
        Assert.Equal("-P INPUT ACCEPT\n", live.Sh("iptables-nft -S | grep INPUT"));
        Assert.Empty(NftVerification.Differences(changes, NftTestPlan.Read(live)));
    }
}
