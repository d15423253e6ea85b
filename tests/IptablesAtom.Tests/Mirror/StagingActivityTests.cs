using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Mirror;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Mirror;

public sealed class StagingActivityTests(MirroredRouter router) : IClassFixture<MirroredRouter>
{
    [Theory]
    [InlineData("iptables-nft -A INPUT -j DROP; ipset create s hash:ip; sysctl -qw net.ipv4.ip_forward=0; ip addr; tc qdisc show", "")]
    [InlineData("ip route add 10.200.0.0/16 via 192.0.2.1", "added the route 10.200.0.0/16 via 192.0.2.1 dev eth0")]
    [InlineData("ip route add 10.200.0.1 dev eth0 table 7 metric 9 src 192.0.2.10", "added the route 10.200.0.1 dev eth0 table 7 src 192.0.2.10 metric 9")]
    [InlineData("ip route del 10.6.0.0/16", "removed the route 10.6.0.0/16 dev eth0 src 192.0.2.11")]
    [InlineData("ip route add blackhole 10.201.0.0/16", "added the route blackhole 10.201.0.0/16")]
    [InlineData("ip -6 route add 2001:db8:77::/48 via 2001:db8::9", "added the route 2001:db8:77::/48 via 2001:db8::9 dev eth0 metric 1024")]
    [InlineData("ip route add 10.202.0.0/16 nexthop via 192.0.2.3 weight 2 nexthop via 10.1.0.3", "added the route 10.202.0.0/16 nexthop via 192.0.2.3 dev eth0 weight 2 nexthop via 10.1.0.3 dev br0 weight 1")]
    [InlineData("ip rule add fwmark 0x20 lookup 100 priority 77", "added the routing rule from all fwmark 0x20 lookup 100 (priority 77)")]
    [InlineData("ip rule del priority 1000", "removed the routing rule from all fwmark 0x1 lookup 100 (priority 1000)")]
    [InlineData("ip addr add 192.0.2.99/32 dev eth0", "added the address 192.0.2.99/32 dev eth0")]
    [InlineData("ip addr del 192.0.2.11/24 dev eth0", "removed the address 192.0.2.11/24 dev eth0")]
    [InlineData("ip link set peer0 mtu 1300", "changed the link peer0 (MTU 1300)")]
    [InlineData("ip link set eth0 down", "changed the link eth0 (down)")]
    [InlineData("ip link set peer2 up", "changed the link peer2 (up)")]
    [InlineData("ip link add ifb7 type ifb; ip link set ifb7 up", "added the link ifb7 (ifb)")]
    [InlineData("ip link set peer2 name wan7", "changed the link peer2 (name wan7)")]
    [InlineData("ip link set eth1 nomaster", "changed the link eth1 (no master)")]
    [InlineData("tc qdisc add dev br0 root handle 1: pfifo limit 9", "added the queueing discipline pfifo 1: dev br0 root")]
    [InlineData("tc qdisc add dev br0 ingress; tc filter add dev br0 parent ffff: protocol ip pref 7 u32 match u32 0 0 flowid 1:1", "added the queueing discipline ingress ffff: dev br0 parent ffff:fff1")]
    [InlineData("ip nexthop add id 77 via 192.0.2.3 dev eth0", "added the nexthop id 77 via 192.0.2.3 dev eth0")]
    [InlineData("arp -s 192.0.2.55 02:00:00:00:55:55", "added the neighbour 192.0.2.55 dev eth0")]
    public void Tells_what_the_script_did(string command, string sentence)
    {
        using TestNamespace staging = new();
        using MirrorResult mirror = HostMirror.Copy(router.Live.Namespace, staging.Namespace);
        StagingActivity activity = StagingActivity.Begin(staging.Namespace);
        staging.Sh(command);
        string[] expected = sentence.Length == 0 ? [] : [sentence];
        string[] told = [.. activity.End().Select(change => change.ToString())];
        Assert.Equal(expected, told.Take(1));
        // In consequence: what was on a link that is gone, and the filter of a discipline that is told first.
        Assert.All(told.Skip(1), more => Assert.Matches("^removed|^added the traffic", more));
    }

    [Fact]
    public void Tells_traffic_classes_and_filters()
    {
        using TestNamespace staging = new();
        using MirrorResult mirror = HostMirror.Copy(router.Live.Namespace, staging.Namespace);
        StagingActivity activity = StagingActivity.Begin(staging.Namespace);
        staging.Sh("tc qdisc add dev br0 root handle 1: htb; tc class add dev br0 parent 1: classid 1:1 htb rate 1mbit; tc filter add dev br0 parent 1: protocol ip pref 3 u32 match u32 0 0 flowid 1:1");
        string[] told = [.. activity.End().Select(change => change.ToString())];
        Assert.Contains("added the queueing discipline htb 1: dev br0 root", told);
        Assert.Contains("added the traffic class htb 1:1 dev br0 root", told);
        Assert.Contains(told, change => change.StartsWith("added the traffic filter u32 80000800 pref 3 dev br0", StringComparison.Ordinal));
    }
}
