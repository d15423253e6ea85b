namespace IptablesAtom.Netlink.Ipset;

/// <summary>Attributes of the Data nest of a create, and of the header in a dump.</summary>
internal static class IpsetHeaderAttribute
{
    internal const int Timeout = 6; // IPSET_ATTR_TIMEOUT, be32 seconds
    internal const int InitialValue = 17; // IPSET_ATTR_INITVAL
    internal const int HashSize = 18; // IPSET_ATTR_HASHSIZE, be32: grows with the set
    internal const int MaximumEntries = 19; // IPSET_ATTR_MAXELEM, be32
    internal const int Elements = 24; // IPSET_ATTR_ELEMENTS, be32, from the kernel only
    internal const int References = 25; // IPSET_ATTR_REFERENCES, be32, from the kernel only
    internal const int MemorySize = 26; // IPSET_ATTR_MEMSIZE, be32, from the kernel only
}
