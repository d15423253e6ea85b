using System.Globalization;
using System.Text;

namespace IptablesAtom.Load;

/// <summary>
/// Two firewalls, A and B, that treat nearly all packets alike but by other tables: whoever meets a part of one and a part of the other
/// is treated wrongly, and counted.
/// </summary>
/// <remarks>
/// Each coupling needs two places to change at the same instant, in both families:
/// <list type="table">
/// <item>port 1002, dropped: A in raw, B in filter;</item>
/// <item>port 1003, accepted by its mark: A sets and wants 1, B sets and wants 2 (mangle, filter);</item>
/// <item>port 1004, accepted: A if the sender is in the set, where it is; B if it is not, where it is not (set, filter);</item>
/// <item>port 1005, dropped, likewise;</item>
/// <item>port 1006, dropped: A redirects it to a shut port and opens 1006 itself, B does neither (nat, filter).</item>
/// </list>
/// </remarks>
public sealed class CoupledFirewall
{
    private const int Listed = 5; // the source that is in the set in A only
    private readonly int _filler;

    /// <summary>Describes both.</summary>
    /// <param name="filler">How many rules that match nothing stand in front of the filter table's own, in IPv4; a tenth in IPv6.</param>
    public CoupledFirewall(int filler = 1000) => _filler = filler;

    /// <summary>The packets to send.</summary>
    public static IReadOnlyList<PacketClass> Classes { get; } =
    [
        .. PacketClass.Both("always open", 1000, Expectation.Accepted),
        .. PacketClass.Both("always shut", 1001, Expectation.Dropped),
        .. PacketClass.Both("raw with filter", 1002, Expectation.Dropped),
        .. PacketClass.Both("mangle with filter", 1003, Expectation.Accepted),
        .. PacketClass.Both("set with filter, open", 1004, Expectation.Accepted, source: Listed),
        .. PacketClass.Both("set with filter, shut", 1005, Expectation.Dropped, source: Listed),
        .. PacketClass.Both("nat with filter", 1006, Expectation.Dropped),
        .. PacketClass.Both("open in A only", 1007, Expectation.Either),
    ];

    /// <summary>A shell script that sets up one of the two from whatever is there, with iptables-restore and ipset.</summary>
    /// <param name="isB">B, or A.</param>
    public string Script(bool isB) => $"""
        #!/bin/sh
        set -e
        {SetCommands(isB)}
        iptables-restore <<'END'
        {RestoreText(isB, isIpv6: false)}
        END
        ip6tables-restore <<'END'
        {RestoreText(isB, isIpv6: true)}
        END

        """;

    /// <summary>The best that the ordinary tools can do: sets swapped in, then the tables of IPv4, then those of IPv6.</summary>
    /// <param name="isB">B, or A.</param>
    /// <param name="suffix">Of the tools: "nft" or "legacy".</param>
    public string Baseline(bool isB, string suffix) => $"""
        set -e
        ipset restore <<'END'
        create -exist next4 hash:ip
        create -exist next6 hash:ip family inet6
        {(isB ? "" : $"add next4 10.9.0.{Listed}\nadd next6 fd09::{Listed}")}
        create -exist friends4 hash:ip
        create -exist friends6 hash:ip family inet6
        swap next4 friends4
        swap next6 friends6
        destroy next4
        destroy next6
        END
        iptables-{suffix}-restore <<'END'
        {RestoreText(isB, isIpv6: false)}
        END
        ip6tables-{suffix}-restore <<'END'
        {RestoreText(isB, isIpv6: true)}
        END

        """;

    /// <summary>The commands that fill the sets.</summary>
    public static string SetCommands(bool isB) => $"""
        ipset create -exist friends4 hash:ip
        ipset create -exist friends6 hash:ip family inet6
        ipset flush friends4
        ipset flush friends6
        {(isB ? "" : $"ipset add friends4 10.9.0.{Listed}\nipset add friends6 fd09::{Listed}")}
        """;

    /// <summary>The four tables of a family, as iptables-restore takes them.</summary>
    public string RestoreText(bool isB, bool isIpv6)
    {
        string set = isIpv6 ? "friends6" : "friends4";
        string not = isB ? "! " : "";
        string mark = isB ? "2" : "1";
        StringBuilder text = new();
        text.Append("*raw\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n");
        text.Append(isB ? "" : "-A PREROUTING -p udp --dport 1002 -j DROP\n");
        text.Append("COMMIT\n*mangle\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n");
        text.Append(CultureInfo.InvariantCulture, $"-A PREROUTING -p udp --dport 1003 -j MARK --set-mark {mark}\n");
        text.Append("COMMIT\n*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n");
        text.Append(isB ? "" : "-A PREROUTING -p udp --dport 1006 -j REDIRECT --to-ports 1001\n");
        text.Append("COMMIT\n*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT ACCEPT\n");
        for (int i = 0; i < (isIpv6 ? _filler / 10 : _filler); i++)
        {
            text.Append(isIpv6
                ? string.Create(CultureInfo.InvariantCulture, $"-A INPUT -s 2001:db8:{i:x}::/48 -j DROP\n")
                : string.Create(CultureInfo.InvariantCulture, $"-A INPUT -s 198.18.{i / 256}.{i % 256} -j DROP\n"));
        }

        text.Append("-A INPUT -i lo -j ACCEPT\n");
        text.Append("-A INPUT -p udp --dport 1000 -j ACCEPT\n");
        text.Append(isB ? "" : "-A INPUT -p udp --dport 1002 -j ACCEPT\n-A INPUT -p udp --dport 1006 -j ACCEPT\n");
        text.Append(CultureInfo.InvariantCulture, $"-A INPUT -p udp --dport 1003 -m mark --mark {mark} -j ACCEPT\n");
        text.Append(CultureInfo.InvariantCulture, $"-A INPUT -p udp --dport 1004 -m set {not}--match-set {set} src -j ACCEPT\n");
        text.Append(CultureInfo.InvariantCulture, $"-A INPUT -p udp --dport 1005 -m set {not}--match-set {set} src -j DROP\n");
        text.Append("-A INPUT -p udp --dport 1005 -j ACCEPT\n");
        text.Append(isB ? "" : "-A INPUT -p udp --dport 1007 -j ACCEPT\n");
        return text.Append("COMMIT").ToString();
    }
}
