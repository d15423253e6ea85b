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

    /// <summary>What fewer hosts have, beside <see cref="Router"/>: each kind of link that this kernel has, and every attribute of routes, rules and neighbours.</summary>
    internal const string More =
        """
        set -e
        ip link add eth3 index 15 type veth peer name peer3 index 43
        ip link add br1 index 21 type bridge forward_delay 200 priority 4096
        ip link set eth3 master br1
        ip link set eth3 type bridge_slave hairpin on learning off cost 7 isolated on mcast_flood off
        try() { "$@" 2>/dev/null || true; } # not every kernel has it
        try ip link add mvt0 link eth0 index 33 type macvtap mode bridge
        try ip link add ifb0 index 34 type ifb
        try ip link add eth0.5 link eth0 index 50 type vlan id 5
        try ip link add bond0 index 51 type bond mode active-backup miimon 100
        try ip link add dum0 index 52 type dummy
        try ip link add vrf0 index 62 type vrf table 77
        try ip link add ipv0 link eth2 index 61 type ipvlan mode l3
        ip link set peer3 arp off multicast off
        for i in eth3 peer3 br1; do ip link set $i up; done
        for i in mvt0 ifb0 eth0.5 bond0 dum0 vrf0 ipv0; do try ip link set $i up; done
        ip link property add dev eth0 altname wan altname internet-uplink
        ip link set eth0 allmulticast on promisc on
        ip addr add 192.0.2.12/24 dev eth0 valid_lft 360000 preferred_lft 180000
        ip addr add 192.0.2.13/24 dev eth0 noprefixroute
        ip addr add 198.18.1.1/24 dev eth0 metric 77
        ip addr add 10.99.9.1/32 dev lo scope host
        ip -6 addr add 2001:db8::12/64 dev eth0 nodad noprefixroute home
        ip -6 addr add 2001:db8::13/64 dev eth0 nodad valid_lft 360000 preferred_lft 0
        ip -6 addr add 2001:db8:6::1 peer 2001:db8:6::2/128 dev tun0 nodad
        ip route add 10.12.0.0/16 via 10.1.0.254 metric 50 mtu lock 1300 advmss 1000 initcwnd 20 initrwnd 30 quickack 1 congctl cubic rto_min 100ms
        ip route add 10.13.0.0/16 nexthop via 192.0.2.1 weight 2 nexthop via 172.31.9.1 dev eth0 weight 1 onlink
        ip route add unreachable 10.5.1.0/24 metric 9
        ip route add prohibit 10.5.2.0/24
        ip route add throw 10.5.3.0/24 table 100
        ip route add 10.16.0.0/16 dev eth0 tos 0x10 proto static realm 5
        ip route add 10.17.0.0/16 via inet6 2001:db8::7 dev eth0
        ip route add 10.18.0.0/16 via 10.1.0.254 table 70000 proto bird
        ip -6 route add blackhole 2001:db8:b::/48
        ip -6 route add unreachable 2001:db8:c::/48
        ip -6 route add 2001:db8:3::/48 via 2001:db8::2 metric 7 pref high mtu 1300 hoplimit 9
        try ip route add 10.11.0.0/16 encap ip id 9 dst 192.0.2.77 dev eth0
        try ip -6 route add 2001:db8:4::/48 encap seg6 mode encap segs 2001:db8:99::1 dev eth0
        try ip -6 route add 2001:db8:44::/64 encap seg6local action End dev eth0
        try ip -6 route add 2001:db8:8::/48 from 2001:db8:5::/64 via 2001:db8::2
        ip nexthop add id 9 via 2001:db8::9 dev eth0
        ip nexthop add id 10 blackhole
        ip nexthop add id 12 via 192.0.2.98 fdb
        ip nexthop add id 13 group 12 fdb
        ip nexthop add id 16 via 172.31.8.1 dev br0 onlink
        ip nexthop add id 4 group 7/8 type resilient buckets 32 idle_timer 100 unbalanced_timer 200
        ip route add 10.21.0.0/16 nhid 4
        ip route add 10.23.0.0/16 nhid 10
        ip -6 route add 2001:db8:20::/48 nhid 9
        ip rule add fwmark 0x10/0xf0 lookup 100 priority 2001
        ip rule add to 10.1.0.0/16 oif eth0 lookup 100 priority 2003
        ip rule add uidrange 1000-2000 lookup 100 priority 2004
        ip rule add ipproto tcp sport 100-200 dport 443 lookup 100 priority 2005
        ip rule add lookup main suppress_prefixlength 0 priority 2006
        ip rule add priority 2007 goto 2010
        ip rule add not from 10.2.0.0/16 tos 0x10 lookup 70000 priority 2010
        try ip rule add l3mdev priority 2011
        ip rule add iif gone0 lookup 100 priority 2012
        ip rule add from 10.66.0.0/16 blackhole priority 2013
        ip rule add from 10.67.0.0/16 prohibit priority 2014
        ip rule add from 10.68.0.0/16 lookup 100 suppress_ifgroup 7 realms 3 priority 2015 protocol 9
        ip rule add priority 2017 goto 9999
        ip -6 rule add uidrange 0-5 ipproto udp dport 53 lookup 101 priority 2018
        ip neigh add 192.0.2.5 lladdr 02:00:00:00:99:05 dev eth0 nud noarp
        ip neigh add 192.0.2.6 lladdr 02:00:00:00:99:06 dev eth0 nud permanent protocol 9
        ip neigh add 2001:db8::1 lladdr 02:00:00:00:99:07 dev eth0 nud permanent router
        ip neigh add proxy 192.0.2.200 dev eth0
        ip neigh add proxy 2001:db8::200 dev eth0
        sysctl -qw net.ipv4.neigh.eth3.gc_stale_time=77 net.ipv6.conf.eth3.hop_limit=33 net.ipv4.conf.default.rp_filter=2
        sysctl -qw net.ipv4.ip_local_port_range='20000 30000' net.netfilter.nf_conntrack_tcp_timeout_established=7777
        """;

    /// <summary>Runs a command as a script in the namespace would see it: /sys is the namespace's.</summary>
    internal static string See(TestNamespace place, string command) =>
        place.Sh($"exec unshare -m --propagation slave sh -c 'mount -t sysfs sysfs /sys && exec sh -c \"$1\"' - {Quote(command)} 2>&1");

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
