using System.Text.RegularExpressions;
using Xunit;

namespace IptablesAtom.Tests.Mirror;

/// <summary>What scripts ask of their host reads the same in staging.</summary>
public sealed partial class HostCommandTests(MirroredRouter router) : IClassFixture<MirroredRouter>
{
    [Theory]
    [InlineData("ip addr")]
    [InlineData("ip -4 addr show eth0")]
    [InlineData("ip -o -4 addr")]
    [InlineData("ip -6 addr")]
    [InlineData("ip -br addr")]
    [InlineData("ip -br link")]
    [InlineData("ip -o link show up")]
    [InlineData("ip link show type bridge")]
    [InlineData("ip link show master br0")]
    [InlineData("ip -o addr show scope global | awk '{print $4}'")]
    [InlineData("ip route")]
    [InlineData("ip route show default | awk '{print $5}'")]
    [InlineData("ip route list table 100; ip route list table 101")]
    [InlineData("ip -4 route show table all")]
    [InlineData("ip -6 route")]
    [InlineData("ip route get 198.51.100.7")]
    [InlineData("ip route get 10.2.3.4; ip route get 10.7.0.9 from 192.0.2.10; ip route get 10.6.0.1")]
    [InlineData("ip route get 198.51.100.7 mark 1")]
    [InlineData("ip route get 10.5.0.1; true")]
    [InlineData("ip -6 route get 2001:db8:7::1")]
    [InlineData("ip rule; ip -6 rule")]
    [InlineData("ip nexthop")]
    [InlineData("ip -d nexthop")]
    [InlineData("ip -d route show table all | sed 's/expires [0-9]*sec//' | sort")]
    [InlineData("ip -6 route show table all | sort")]
    [InlineData("ip -j rule; ip -j -6 rule")]
    [InlineData("ip -j neigh | tr '{' '\\n' | sort; ip neigh show nud all | grep -i noarp | grep 192")]
    [InlineData("ip neigh show proxy; ip -6 neigh show proxy")]
    [InlineData("ip route get 10.21.1.1; ip route get 10.17.1.1; ip route get 10.12.1.1")]
    [InlineData("ip route get 8.8.8.8 uid 1500; ip route get 8.8.8.8 ipproto tcp sport 150 dport 443; ip route get fibmatch 10.21.1.1")]
    [InlineData("bridge -d link | sed 's/@[a-z0-9]*//'")]
    [InlineData("ip vrf; ip netconf; ip token; ip addrlabel; ip mroute")]
    [InlineData("for i in macvlan vlan vrf ifb ipvlan bond; do ip -d link show type $i; done | sed 's/numtxqueues.*//; s/minmtu.*//'")]
    [InlineData("ip link show wan; ip addr show dev internet-uplink | head -n 1")]
    [InlineData("cat /proc/net/vlan/config /proc/net/bonding/* /proc/net/wireless; cat /proc/net/route")]
    [InlineData("cat /proc/net/anycast6; sort /proc/net/igmp6 | awk '{print $1, $2, $3}'; ip maddr | sort")]
    [InlineData("getent hosts localhost; cat /etc/resolv.conf; hostname; hostname -f")]
    [InlineData("netstat -gn | sort; arp -an | sort; ip -s neigh show dev eth0 | awk '{print $1, $2, $3}' | sort")]
    [InlineData("ip neigh | sort")]
    [InlineData("ip neigh show nud permanent dev eth0 | sort")]
    [InlineData("ip maddr show dev eth0 | grep -c inet")]
    [InlineData("ifconfig | grep -v -e packets -e bytes -e errors -e inet6; ifconfig | grep inet6 | sort")]
    [InlineData("ifconfig eth0 | sed -n 's/.*inet \\([0-9.]*\\).*/\\1/p'")]
    [InlineData("ifconfig eth0:1")]
    [InlineData("route -n")]
    [InlineData("route -n -A inet6 | awk '{print $1, $2, $4, $7}' | sort")]
    [InlineData("netstat -rn")]
    [InlineData("netstat -i | awk '{print $1, $2}'")]
    [InlineData("hostname -I")]
    [InlineData("arp -n | sort")]
    [InlineData("bridge link")]
    [InlineData("brctl show 2>/dev/null || ls /sys/class/net/br0/brif")]
    [InlineData("ls /sys/class/net")]
    [InlineData("cd /sys/class/net; for i in *; do echo $i $(cat $i/address $i/mtu $i/ifindex $i/operstate $i/flags $i/type $i/tx_queue_len $i/ifalias $i/netdev_group); done")]
    [InlineData("cd /sys/class/net; cat eth0/carrier eth2/carrier eth0/speed eth0/duplex; readlink eth1/master")]
    [InlineData("cat /proc/net/route")]
    [InlineData("grep -v +-- /proc/net/fib_trie | sed 's/^ *//'")] // the inner nodes depend on the order in which routes came
    [InlineData("cut -d: -f1 /proc/net/dev")]
    [InlineData("sort /proc/net/if_inet6")]
    [InlineData("awk '{print $1, $2, $5, $6, $9, $10}' /proc/net/ipv6_route | grep -v '^ff00' | sort")]
    [InlineData("cat /proc/net/arp | sort")]
    [InlineData("cat /proc/net/dev_mcast | awk '$2 == \"eth0\"' | sort")]
    [InlineData("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv6/conf/*/accept_ra")]
    [InlineData("sysctl -a --pattern '^net' 2>/dev/null")]
    public void Reads_the_same(string command)
    {
        string live = HostNamespace.See(router.Live, command);
        string staging = HostNamespace.See(router.Staging, command);
        Assert.NotEqual("", live);
        Assert.Equal(Normalise(live), Normalise(staging));
    }

    [Fact]
    public void Nothing_was_left_out() => Assert.Empty(router.Result.Gaps);

    /// <summary>
    /// A veth stands as a TAP: it has no "@peer", and no peer that could be down. Columns shift with the names. Lifetimes run.
    /// </summary>
    private static string Normalise(string text) => Spaces().Replace(
        Lifetime().Replace(Peer().Replace(text, "$1"), "$1")
            .Replace(",M-DOWN", "", StringComparison.Ordinal)
            .Replace("LOWERLAYERDOWN", "DOWN", StringComparison.Ordinal)
            .Replace("lowerlayerdown", "down", StringComparison.Ordinal),
        " ");

    [GeneratedRegex(@"((?:eth|peer)\d)@\w+")]
    private static partial Regex Peer();

    [GeneratedRegex(@"(valid_lft|preferred_lft) [1-9]\d*sec")]
    private static partial Regex Lifetime();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
