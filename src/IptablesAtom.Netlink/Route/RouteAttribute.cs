namespace IptablesAtom.Netlink.Route;

/// <summary>Attributes and flags of a route (linux/rtnetlink.h).</summary>
internal static class RouteAttribute
{
    internal const int Destination = 1; // RTA_DST
    internal const int Source = 2; // RTA_SRC
    internal const int InputInterface = 3; // RTA_IIF
    internal const int OutputInterface = 4; // RTA_OIF
    internal const int Gateway = 5; // RTA_GATEWAY
    internal const int Priority = 6; // RTA_PRIORITY
    internal const int PreferredSource = 7; // RTA_PREFSRC
    internal const int Multipath = 9; // RTA_MULTIPATH
    internal const int CacheInfo = 12; // RTA_CACHEINFO
    internal const int Table = 15; // RTA_TABLE
    internal const int Via = 18; // RTA_VIA
    internal const int EncapsulationType = 21; // RTA_ENCAP_TYPE
    internal const int Encapsulation = 22; // RTA_ENCAP
    internal const int Expires = 23; // RTA_EXPIRES
    internal const int NexthopId = 30; // RTA_NH_ID

    internal const byte LocalTable = 255; // RT_TABLE_LOCAL
    internal const byte Unicast = 1; // RTN_UNICAST, a type
    internal const byte Blackhole = 6; // RTN_BLACKHOLE
    internal const byte ByKernel = 2; // RTPROT_KERNEL
    internal const uint Cloned = 0x200; // RTM_F_CLONED

    /// <summary>RTNH_F_DEAD, OFFLOAD, LINKDOWN, UNRESOLVED, TRAP: what the kernel says of a next hop; it refuses to be told.</summary>
    internal const uint ReportedFlags = 0x01 | 0x08 | 0x10 | 0x20 | 0x40;

    /// <summary>RTNH_F_ONLINK: the gateway need not be in a connected network.</summary>
    internal const uint OnLink = 0x04;

    /// <summary>RTM_F_NOTIFY and above (0x100...): state of a route that only dumps have.</summary>
    internal const uint StateFlags = 0xffffff00;
}
