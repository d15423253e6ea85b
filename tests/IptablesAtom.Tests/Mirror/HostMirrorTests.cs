using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Staging.Mirror;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Mirror;

public sealed class HostMirrorTests
{
    private const uint EveryGroup = 0x7fffffff; // RTMGRP_*: links, addresses, routes, rules, neighbours...

    [Fact]
    public void Live_sees_no_change()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(HostNamespace.Router + "\nfor i in $(seq 100); do ip -6 addr show tentative | grep -q tentative || exit 0; sleep 0.1; done; exit 1");
        string look = "ip -d link; ip addr; ip route show table all; ip -6 route show table all; ip rule; ip -6 rule; ip neigh; ip nexthop; sysctl -a --pattern ^net 2>/dev/null";
        using NetlinkSocket listener = NetlinkSocket.Open(live.Namespace, NetlinkProtocol.Route, EveryGroup);
        string before = live.Sh(look);
        while (listener.Receive(wait: false, _ => { }) == Netlink.Linux.Errno.None)
        {
        }

        List<ushort> events = [];
        using (HostMirror.Copy(live.Namespace, staging.Namespace))
        {
            while (listener.Receive(wait: false, message => events.Add(message.Type)) == Netlink.Linux.Errno.None)
            {
            }

            Assert.Equal(Timeless(before), Timeless(live.Sh(look)));
        }

        Assert.Empty(events);
    }

    [Fact]
    public void Stacks_of_several_levels_stand_in_any_order_of_their_indexes()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(
            """
            ip link add eth0 index 50 type veth peer name peer0 index 51
            ip link add mac0 link eth0 index 40 type macvlan mode private
            ip link add mac1 link mac0 index 30 type macvlan mode vepa
            ip link add br0 index 20 type bridge forward_delay 300 mcast_snooping 0
            ip link add mac2 link br0 index 10 type macvlan mode bridge
            ip link set mac1 master br0
            for i in eth0 peer0 mac0 mac1 br0 mac2; do ip link set $i up; done
            for i in $(seq 50); do ip -br link show mac2 | grep -q ' UP ' && exit 0; sleep 0.1; done; exit 1
            """);
        using MirrorResult result = HostMirror.Copy(live.Namespace, staging.Namespace);
        Assert.Empty(result.Gaps);
        string look = "ip -o link | grep -v ' peer0' | sed 's/@peer0//'; "
            + "ip -o -d link | grep -o -e 'macvlan mode [a-z]*' -e 'forward_delay [0-9]*' -e 'mcast_snooping .' -e 'master [a-z0-9]*'";
        Assert.Equal(live.Sh(look), staging.Sh(look));
    }

    [Fact]
    public void A_link_of_the_kernels_own_in_the_way_costs_an_index_only()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(
            """
            ip link add eth0 index 12 type veth peer name peer0 index 13
            ip link set eth0 up; ip link set peer0 up
            ip link add mac0 link eth0 type macvlan
            ip link set mac0 up
            ip addr add 192.0.2.10/24 dev mac0
            ip route add default via 192.0.2.1
            """);
        staging.Sh("ip link add own0 index 12 type bridge");
        using MirrorResult result = HostMirror.Copy(live.Namespace, staging.Namespace);
        Assert.Equal(["the link eth0"], result.Gaps.Select(gap => gap.Subject));
        Assert.Contains("index", result.Gaps[0].Reason, StringComparison.Ordinal);
        Assert.Equal(live.Sh("ip -4 route"), staging.Sh("ip -4 route"));
        Assert.Contains("mac0@eth0", staging.Sh("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_can_be_put_into_the_wire_of_a_mirrored_device()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("ip link add eth0 type veth peer name peer0; ip link set eth0 up; ip link set peer0 up; ip tuntap add tun0 mode tun; ip link set tun0 up");
        using MirrorResult result = HostMirror.Copy(live.Namespace, staging.Namespace);
        Assert.True(result.Devices["eth0"].IsTap);
        Assert.False(result.Devices["tun0"].IsTap);
        byte[] frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xff);
        frame[12] = 0x08;
        Assert.True(result.Devices["eth0"].TryWrite(frame));
        Assert.Equal("1", HostNamespace.See(staging, "cat /sys/class/net/eth0/statistics/rx_packets").Trim());
    }

    [Fact]
    public void Two_hundred_links_and_a_thousand_routes()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(
            """
            { for i in $(seq 100); do
                echo "link add a$i type veth peer name b$i"; echo "link set a$i up"; echo "link set b$i up"
                echo "addr add 10.$i.0.1/24 dev a$i"; echo "addr add fd00:$i::1/64 dev a$i nodad"
              done
              for i in $(seq 1000); do echo "route add 172.16.$((i / 250)).$((i % 250))/32 via 10.$((i % 100 + 1)).0.9"; done
            } | ip -batch -
            for i in $(seq 100); do ip -6 addr show tentative | grep -q tentative || exit 0; sleep 0.1; done; exit 1
            """);
        using MirrorResult result = HostMirror.Copy(live.Namespace, staging.Namespace);
        Assert.Empty(result.Gaps);
        foreach (string look in new[] { "ip -o link | sed 's/@[^:]*//'", "ip -o addr", "ip route", "ip -6 route" })
        {
            Assert.Equal(live.Sh(look), staging.Sh(look));
        }
    }

    [Fact]
    public void Disposing_of_it_unplugs_the_devices_and_leaves_them_to_the_namespace()
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh("ip link add eth0 type veth peer name peer0; ip link set eth0 up; ip link set peer0 up");
        MirrorResult result = HostMirror.Copy(live.Namespace, staging.Namespace);
        Assert.DoesNotContain("NO-CARRIER", staging.Sh("ip -br link show eth0"), StringComparison.Ordinal);
        result.Dispose();
        Assert.Equal("0", HostNamespace.See(staging, "cat /sys/class/net/eth0/carrier").Trim());
        staging.Sh("ip link del eth0 && ip link del peer0");
    }

    private static string Timeless(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"[a-z_]*timer *[\d.]+|net.netfilter.nf_conntrack_count = \d+|net.*drop_overlimit.*", "");
}
