using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Mirror;

/// <summary>Throw-away hosts that are rich enough to be mirrored, and the look at a namespace that a script has (its own /sys).</summary>
internal static class HostNamespace
{
    /// <summary>A router: two uplinks with carrier, one without, a bridge with a port, a macvlan, a tunnel device, policy routing.</summary>
    internal const string Router =
        """
        set -e
        ip link set lo up
        ip link add eth0 index 12 address 02:00:00:00:12:01 type veth peer name peer0 index 40
        ip link add eth1 index 13 address 02:00:00:00:13:01 mtu 1400 txqueuelen 777 type veth peer name peer1 index 41
        ip link add eth2 index 14 type veth peer name peer2 index 42
        ip link add br0 index 20 type bridge
        ip link set eth1 master br0
        ip link add mac0 link eth0 index 30 type macvlan mode bridge
        ip tuntap add tun0 mode tun
        ip link set eth0 alias uplink group 7
        for i in eth0 eth1 eth2 peer0 peer1 br0 mac0 tun0; do ip link set $i up; done
        ip addr add 192.0.2.10/24 brd + dev eth0
        ip addr add 192.0.2.11/24 dev eth0 label eth0:1
        ip addr add 2001:db8::10/64 dev eth0 nodad
        ip addr add 2001:db8::11/64 dev eth0 nodad
        ip addr add 10.1.0.1/16 dev br0
        ip addr add 10.9.0.1 peer 10.9.0.2 dev tun0
        ip route add default via 192.0.2.1
        ip -6 route add default via 2001:db8::1
        ip route add 10.2.0.0/16 via 10.1.0.254 metric 50
        ip route add 10.2.0.0/16 via 10.1.0.253 metric 60
        ip route add 10.3.0.0/16 nexthop via 192.0.2.1 weight 2 nexthop via 10.1.0.254 weight 1
        ip route add 10.4.0.0/16 via 172.31.0.1 dev eth0 onlink
        ip route add blackhole 10.5.0.0/16
        ip route add 10.6.0.0/16 dev eth0 src 192.0.2.11 mtu 1300
        ip route add default via 10.1.0.254 table 100
        ip route add local default dev lo table 101
        ip -6 route add 2001:db8:2::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3
        ip nexthop add id 7 via 192.0.2.7 dev eth0
        ip nexthop add id 8 via 10.1.0.8 dev br0
        ip nexthop add id 3 group 7,2/8,1
        ip route add 10.7.0.0/16 nhid 3
        ip route del 10.1.0.0/16 dev br0 2>/dev/null && ip route add 10.1.0.0/16 dev br0 metric 5
        ip rule add fwmark 1 lookup 100 priority 1000
        ip rule add from 10.1.0.0/16 iif br0 lookup 100
        ip -6 rule add from 2001:db8:9::/48 lookup 100
        ip neigh add 192.0.2.1 lladdr 02:00:00:00:99:01 dev eth0 nud permanent
        ip neigh add 10.1.0.254 lladdr 02:00:00:00:99:02 dev br0 nud stale
        sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.rp_filter=2 net.ipv4.conf.all.log_martians=1
        sysctl -qw net.ipv4.tcp_syncookies=2 net.ipv6.conf.eth0.accept_ra=0 net.ipv4.neigh.eth0.proxy_qlen=9 net.ipv6.conf.default.accept_ra=0
        """;

    /// <summary>Runs a command as a script in the namespace would see it: /sys is the namespace's.</summary>
    internal static string See(TestNamespace place, string command) =>
        place.Sh($"exec unshare -m --propagation slave sh -c 'mount -t sysfs sysfs /sys && exec sh -c \"$1\"' - {Quote(command)} 2>&1");

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
