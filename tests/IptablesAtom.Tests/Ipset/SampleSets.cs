using System.Text.RegularExpressions;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Ipset;

/// <summary>Sets of every type that the kernel here has, with every option.</summary>
internal static partial class SampleSets
{
    internal const string Script =
        """
        set -e
        ipset create bm-ip bitmap:ip range 192.0.2.0/24 timeout 3600 counters comment skbinfo
        ipset add bm-ip 192.0.2.7 timeout 1800 packets 5 bytes 700 comment "one two" skbmark 0x11/0xff skbprio 1:2 skbqueue 3
        ipset add bm-ip 192.0.2.8 timeout 0
        ipset create bm-net bitmap:ip range 10.0.0.0/8 netmask 24
        ipset add bm-net 10.1.2.0
        ipset create bm-mac bitmap:ip,mac range 192.0.2.0/24
        ipset add bm-mac 192.0.2.9,02:00:00:00:00:01
        ipset create bm-port bitmap:port range 0-65535 comment
        ipset add bm-port 22 comment "ssh"
        ipset add bm-port 8000-8100
        ipset create ip4 hash:ip timeout 0 counters comment skbinfo forceadd maxelem 2000000 hashsize 4096 bucketsize 8
        ipset add ip4 198.51.100.0/28
        ipset add ip4 198.51.100.77 timeout 900 packets 1 bytes 60 comment "c" skbmark 0x1
        ipset create ip4-mask hash:ip netmask 24
        ipset add ip4-mask 203.0.113.5
        ipset create ip4-plain hash:ip
        ipset add ip4-plain 10.0.0.0/21
        ipset create ip4-init hash:ip initval 0x12345678
        ipset add ip4-init 192.0.2.1
        ipset create ip6 hash:ip family inet6
        ipset add ip6 2001:db8::1
        ipset add ip6 2001:db8::2
        ipset create ip6-mask hash:ip family inet6 netmask 64 comment
        ipset add ip6-mask 2001:db8:1:2:3:4:5:6 comment "net"
        ipset create net4 hash:net comment timeout 7200
        ipset add net4 0.0.0.0/1
        ipset add net4 198.51.100.0/25 nomatch
        ipset add net4 192.0.2.0/24 comment "doc" timeout 0
        ipset create net6 hash:net family inet6 counters
        ipset add net6 2001:db8::/32
        ipset add net6 2001:db8:ffff::/48 nomatch
        ipset create ipport hash:ip,port skbinfo
        ipset add ipport 192.0.2.1,tcp:22 skbmark 0x2/0xf
        ipset add ipport 192.0.2.1,udp:53
        ipset add ipport 192.0.2.1,icmp:echo-request
        ipset create ipport6 hash:ip,port family inet6
        ipset add ipport6 2001:db8::1,tcp:443
        ipset add ipport6 2001:db8::1,icmpv6:echo-request
        ipset create ipportip hash:ip,port,ip
        ipset add ipportip 192.0.2.1,tcp:80,198.51.100.1
        ipset create ipportip6 hash:ip,port,ip family inet6
        ipset add ipportip6 2001:db8::1,tcp:80,2001:db8::2
        ipset create ipportnet hash:ip,port,net timeout 600
        ipset add ipportnet 192.0.2.1,sctp:80,198.51.100.0/24 nomatch
        ipset create ipportnet6 hash:ip,port,net family inet6
        ipset add ipportnet6 2001:db8::1,tcp:80,2001:db8:2::/48
        ipset create netport hash:net,port
        ipset add netport 198.51.100.0/24,tcp:25
        ipset create netport6 hash:net,port family inet6 comment
        ipset add netport6 2001:db8::/32,udp:500 comment "ike"
        ipset create netiface hash:net,iface
        ipset add netiface 198.51.100.0/24,eth0
        ipset add netiface 0.0.0.0/0,eth2
        ipset add netiface 198.51.100.0/24,physdev:eth1
        ipset add netiface 198.51.101.0/24,ppp wildcard
        ipset create netiface6 hash:net,iface family inet6
        ipset add netiface6 2001:db8::/32,eth0 nomatch
        ipset create a-name-of-thirty-one-characters hash:net
        ipset add a-name-of-thirty-one-characters 192.0.2.128/25
        ipset create empty hash:net
        ipset create list list:set timeout 3000 counters comment size 16
        ipset add list net6 comment "m"
        ipset add list a-name-of-thirty-one-characters timeout 0
        ipset add list ip4 before net6
        """;

    /// <summary>What <c>ipset save</c> says, sorted; each time left that runs is a T.</summary>
    internal static string Save(TestNamespace space) => string.Join('\n', space.Sh("ipset save")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.StartsWith("add", StringComparison.Ordinal) ? RunningTime().Replace(line, " timeout T") : line)
        .Order(StringComparer.Ordinal));

    /// <summary>The same without the value that the kernel draws for each set that is created without.</summary>
    internal static string SaveWithoutInitialValue(TestNamespace space) => InitialValue().Replace(Save(space), "");

    [GeneratedRegex(" initval 0x[0-9a-f]*")]
    private static partial Regex InitialValue();

    [GeneratedRegex(" timeout [1-9][0-9]*")]
    private static partial Regex RunningTime();
}
