using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>net.ipv4.conf.NAME and net.ipv6.conf.NAME of each link: compared through rtnetlink, written only where they differ.</summary>
/// <remarks>
/// RTM_GETLINK carries the whole arrays of both families: one dump instead of a hundred files a link. IPv4 values are set the same
/// way; IPv6 ones by file. A new link has those of conf/default, which are live's by then: most links need nothing.
/// </remarks>
internal static class InterfaceSysctls
{
    private const int MulticastForwarding = 2; // IPV4_DEVCONF_MC_FORWARDING: the multicast router's own

    /// <summary>Names of DEVCONF_n (linux/ipv6.h) by number; empty: not a setting, or shown in other units.</summary>
    private static readonly string[] Inet6Names =
    [
        "forwarding", "hop_limit", "", "accept_ra", "accept_redirects", "autoconf", "dad_transmits", "router_solicitations",
        "router_solicitation_interval", "router_solicitation_delay", "use_tempaddr", "temp_valid_lft", "temp_prefered_lft",
        "regen_max_retry", "max_desync_factor", "max_addresses", "force_mld_version", "accept_ra_defrtr", "accept_ra_pinfo",
        "accept_ra_rtr_pref", "router_probe_interval", "accept_ra_rt_info_max_plen", "proxy_ndp", "optimistic_dad",
        "accept_source_route", "", "disable_ipv6", "accept_dad", "force_tllao", "ndisc_notify",
        "mldv1_unsolicited_report_interval", "mldv2_unsolicited_report_interval", "suppress_frag_ndisc", "accept_ra_from_local",
        "use_optimistic", "accept_ra_mtu", "", "use_oif_addrs_only", "accept_ra_min_hop_limit", "ignore_routes_with_linkdown",
        "drop_unicast_in_l2_multicast", "drop_unsolicited_na", "keep_addr_on_down", "router_solicitation_max_interval",
        "seg6_enabled", "seg6_require_hmac", "enhanced_dad", "", "disable_policy", "accept_ra_rt_info_min_plen", "ndisc_tclass",
        "rpl_seg_enabled", "ra_defrtr_metric", "ioam6_enabled", "ioam6_id", "ioam6_id_wide", "ndisc_evict_nocarrier",
        "accept_untracked_na", "accept_ra_min_lft", "force_forwarding",
    ];

    /// <summary>Numbers of what <see cref="NamespaceSysctls"/> holds until the end.</summary>
    private static readonly int[] Held = [7, 10, 27]; // DEVCONF_RTR_SOLICITS, USE_TEMPADDR, ACCEPT_DAD

    /// <summary>Sets the IPv4 values that differ.</summary>
    internal static void CopyInet(MirrorContext context, LinkMirror links)
    {
        foreach ((Link live, Link made) in links.Pairs)
        {
            int[] differing = [.. Enumerable.Range(1, Math.Min(live.Inet.Length, made.Inet.Length))
                .Where(number => live.Inet[number - 1] != made.Inet[number - 1] && number != MulticastForwarding)];
            if (differing.Length == 0)
            {
                continue;
            }

            MessageWriter writer = links.Begin(context[live.Index]);
            using (writer.Nested(LinkAttribute.AddressFamilies))
            using (writer.Nested(LibC.AF_INET))
            using (writer.Nested(LinkAttribute.InetConf))
            {
                foreach (int number in differing)
                {
                    writer.PutUInt32(number, (uint)live.Inet[number - 1]);
                }
            }

            context.Staging.End($"the sysctls net.ipv4.conf.{live.Name}");
        }

        context.Finish();
    }

    /// <summary>The files of IPv6 values that differ, the held ones apart.</summary>
    internal static List<string> DifferingFiles(LinkMirror links) => [.. links.Pairs.SelectMany(pair =>
        Differing(pair.Live, pair.Made, number => !Held.Contains(number)).Select(number => Path(pair.Live, number)))];

    /// <summary>Live's values of the held ones, by file.</summary>
    internal static List<(string Path, byte[] Value)> HeldValues(LinkMirror links) => [.. links.Pairs.SelectMany(pair =>
        Differing(pair.Live, pair.Made, Held.Contains)
            .Select(number => (Path(pair.Live, number), Encoding.ASCII.GetBytes(pair.Live.Inet6[number].ToString(CultureInfo.InvariantCulture)))))];

    private static IEnumerable<int> Differing(Link live, Link made, Func<int, bool> which) =>
        Enumerable.Range(0, Math.Min(Math.Min(live.Inet6.Length, made.Inet6.Length), Inet6Names.Length))
            .Where(number => live.Inet6[number] != made.Inet6[number] && Inet6Names[number].Length > 0 && which(number));

    private static string Path(Link link, int number) => $"/proc/sys/net/ipv6/conf/{link.Name}/{Inet6Names[number]}";
}
