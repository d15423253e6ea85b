namespace IptablesAtom.Netlink.Ipset;

/// <summary>Attributes of a message.</summary>
internal static class IpsetAttribute
{
    internal const int Protocol = 1; // IPSET_ATTR_PROTOCOL, u8
    internal const int SetName = 2; // IPSET_ATTR_SETNAME
    internal const int TypeName = 3; // IPSET_ATTR_TYPENAME
    internal const int SetName2 = 3; // IPSET_ATTR_SETNAME2, in rename and swap
    internal const int Revision = 4; // IPSET_ATTR_REVISION, u8
    internal const int Family = 5; // IPSET_ATTR_FAMILY, u8
    internal const int Flags = 6; // IPSET_ATTR_FLAGS, be32
    internal const int Data = 7; // IPSET_ATTR_DATA, nest
    internal const int Entries = 8; // IPSET_ATTR_ADT, nest of Data nests
    internal const int LineNumber = 9; // IPSET_ATTR_LINENO, u32
    internal const int Index = 11; // IPSET_ATTR_INDEX, be16
}
