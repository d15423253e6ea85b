namespace IptablesAtom.Netlink.Route;

/// <summary>Attributes of a link (linux/if_link.h).</summary>
internal static class LinkAttribute
{
    internal const int Address = 1; // IFLA_ADDRESS
    internal const int Name = 3; // IFLA_IFNAME
    internal const int Mtu = 4; // IFLA_MTU
    internal const int Link = 5; // IFLA_LINK
    internal const int Qdisc = 6; // IFLA_QDISC
    internal const int Master = 10; // IFLA_MASTER
    internal const int TransmitQueueLength = 13; // IFLA_TXQLEN
    internal const int OperationalState = 16; // IFLA_OPERSTATE
    internal const int LinkInfo = 18; // IFLA_LINKINFO
    internal const int Alias = 20; // IFLA_IFALIAS
    internal const int AddressFamilies = 26; // IFLA_AF_SPEC
    internal const int Group = 27; // IFLA_GROUP
    internal const int ExtendedMask = 29; // IFLA_EXT_MASK
    internal const int LinkNamespace = 37; // IFLA_LINK_NETNSID
    internal const int PropertyList = 52; // IFLA_PROP_LIST
    internal const int AlternativeName = 53; // IFLA_ALT_IFNAME

    internal const int InfoKind = 1; // IFLA_INFO_KIND, in IFLA_LINKINFO
    internal const int InfoData = 2; // IFLA_INFO_DATA, in IFLA_LINKINFO
    internal const int InfoPortKind = 4; // IFLA_INFO_SLAVE_KIND, in IFLA_LINKINFO
    internal const int InfoPortData = 5; // IFLA_INFO_SLAVE_DATA, in IFLA_LINKINFO

    internal const int InetConf = 1; // IFLA_INET_CONF, in AF_INET of IFLA_AF_SPEC
    internal const int Inet6Conf = 2; // IFLA_INET6_CONF, in AF_INET6 of IFLA_AF_SPEC
    internal const int Inet6AddressGeneration = 8; // IFLA_INET6_ADDR_GEN_MODE, in AF_INET6 of IFLA_AF_SPEC

    /// <summary>Bit of IFLA_EXT_MASK: leave the counters out of a dump.</summary>
    internal const uint SkipStatistics = 8; // RTEXT_FILTER_SKIP_STATS
}
