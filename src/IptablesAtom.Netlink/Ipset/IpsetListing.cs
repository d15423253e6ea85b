namespace IptablesAtom.Netlink.Ipset;

/// <summary>How much a listing tells of each set (IPSET_ATTR_FLAGS of a list).</summary>
internal enum IpsetListing : uint
{
    /// <summary>Header and entries.</summary>
    Entries = 0,
    /// <summary>The name only.</summary>
    Names = 2, // IPSET_FLAG_LIST_SETNAME
    /// <summary>Name and header.</summary>
    Headers = 4, // IPSET_FLAG_LIST_HEADER
}
