namespace IptablesAtom.Netlink.Ipset;

/// <summary>Attributes of an entry's Data nest. Numbers from 17 on mean other things than in a header.</summary>
internal static class IpsetEntryAttribute
{
    internal const int Address = 1; // IPSET_ATTR_IP, nest
    internal const int AddressTo = 2; // IPSET_ATTR_IP_TO, nest
    internal const int PrefixLength = 3; // IPSET_ATTR_CIDR
    internal const int Port = 4; // IPSET_ATTR_PORT
    internal const int PortTo = 5; // IPSET_ATTR_PORT_TO
    internal const int Timeout = 6; // IPSET_ATTR_TIMEOUT, be32 seconds left; 0 is permanent
    internal const int Protocol = 7; // IPSET_ATTR_PROTO
    internal const int Flags = 8; // IPSET_ATTR_CADT_FLAGS, be32
    internal const int Mark = 10; // IPSET_ATTR_MARK
    internal const int Ethernet = 17; // IPSET_ATTR_ETHER
    internal const int Name = 18; // IPSET_ATTR_NAME
    internal const int Address2 = 20; // IPSET_ATTR_IP2, nest
    internal const int PrefixLength2 = 21; // IPSET_ATTR_CIDR2
    internal const int Address2To = 22; // IPSET_ATTR_IP2_TO, nest
    internal const int Interface = 23; // IPSET_ATTR_IFACE
    internal const int Bytes = 24; // IPSET_ATTR_BYTES
    internal const int Packets = 25; // IPSET_ATTR_PACKETS
    internal const int Comment = 26; // IPSET_ATTR_COMMENT
    internal const int SkbMark = 27; // IPSET_ATTR_SKBMARK
    internal const int SkbPriority = 28; // IPSET_ATTR_SKBPRIO
    internal const int SkbQueue = 29; // IPSET_ATTR_SKBQUEUE

    /// <summary>In <see cref="Flags"/>: the interface is a bridge port; part of the entry's key.</summary>
    internal const uint FlagPhysdev = 2; // IPSET_FLAG_PHYSDEV
}
