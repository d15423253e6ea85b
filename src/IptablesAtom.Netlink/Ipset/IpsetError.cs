namespace IptablesAtom.Netlink.Ipset;

/// <summary>ipset's own error numbers (linux/netfilter/ipset/ip_set.h), and those of errno that it uses with a sense of its own.</summary>
/// <remarks>From 4352 on a number depends on the set's type; the members here are those of hash types.</remarks>
public enum IpsetError
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>There is no set of that name.</summary>
    NotFound = 2, // ENOENT
    /// <summary>Somebody is listing the set: it cannot be swapped now.</summary>
    BeingListed = 16, // EBUSY
    /// <summary>A create found a set of that name.</summary>
    NameInUse = 17, // EEXIST
    /// <summary>A malformed message.</summary>
    Protocol = 4097, // IPSET_ERR_PROTOCOL
    /// <summary>The kernel has no such set type.</summary>
    UnknownType = 4098, // IPSET_ERR_FIND_TYPE
    /// <summary>The table of sets is full.</summary>
    TooManySets = 4099, // IPSET_ERR_MAX_SETS
    /// <summary>A rule, a list or a listing holds the set: it cannot be destroyed.</summary>
    Busy = 4100, // IPSET_ERR_BUSY
    /// <summary>A rename or swap: the second name is taken, or not there.</summary>
    SecondName = 4101, // IPSET_ERR_EXIST_SETNAME2
    /// <summary>The two sets are of different types or families.</summary>
    TypeMismatch = 4102, // IPSET_ERR_TYPE_MISMATCH
    /// <summary>The entry is there already, or is not there.</summary>
    EntryExists = 4103, // IPSET_ERR_EXIST
    /// <summary>A prefix length that is none.</summary>
    PrefixLength = 4104, // IPSET_ERR_INVALID_CIDR
    /// <summary>A netmask that is none.</summary>
    Netmask = 4105, // IPSET_ERR_INVALID_NETMASK
    /// <summary>The type does not know the family.</summary>
    Family = 4106, // IPSET_ERR_INVALID_FAMILY
    /// <summary>An entry has a timeout, but the set has none.</summary>
    Timeout = 4107, // IPSET_ERR_TIMEOUT
    /// <summary>A rule, a list or a listing holds the set: it cannot be renamed.</summary>
    Referenced = 4108, // IPSET_ERR_REFERENCED
    /// <summary>An IPv4 address was needed.</summary>
    NeedsIpv4 = 4109, // IPSET_ERR_IPADDR_IPV4
    /// <summary>An IPv6 address was needed.</summary>
    NeedsIpv6 = 4110, // IPSET_ERR_IPADDR_IPV6
    /// <summary>An entry has counters, but the set has none.</summary>
    Counter = 4111, // IPSET_ERR_COUNTER
    /// <summary>An entry has a comment, but the set has none.</summary>
    Comment = 4112, // IPSET_ERR_COMMENT
    /// <summary>A mark mask that is none.</summary>
    MarkMask = 4113, // IPSET_ERR_INVALID_MARKMASK
    /// <summary>An entry has skbinfo, but the set has none.</summary>
    SkbInfo = 4114, // IPSET_ERR_SKBINFO
    /// <summary>netmask and bitmask exclude each other.</summary>
    BitmaskNetmask = 4115, // IPSET_ERR_BITMASK_NETMASK_EXCL
    /// <summary>hash types: the set has as many entries as its maxelem allows.</summary>
    Full = 4352, // IPSET_ERR_HASH_FULL
}
