using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Ipset;

/// <summary>The kernel refused an ipset command.</summary>
public sealed class IpsetException : AtomException
{
    internal IpsetException(string operation, int error)
        : base($"{operation}: {Describe((IpsetError)error)}")
    {
        Operation = operation;
        Error = (IpsetError)error;
    }

    /// <summary>The command with its set's name, for example <c>ipset swap web web2</c>.</summary>
    public string Operation { get; }

    /// <summary>Why.</summary>
    public IpsetError Error { get; }

    internal static string Describe(IpsetError error) => error switch
    {
        IpsetError.NotFound => "there is no such set, or no such member",
        IpsetError.BeingListed => "somebody is listing the set (ipset list | less?): it cannot change its name or place until that ends",
        IpsetError.NameInUse => "a set of that name exists",
        IpsetError.Protocol => "the kernel does not understand the message",
        IpsetError.UnknownType => "the kernel has no such set type (or not in this revision)",
        IpsetError.TooManySets => "the kernel's table of sets is full",
        IpsetError.Busy => "the set is in use by a rule or a list, or somebody is listing it",
        IpsetError.SecondName => "the second name is in use, or is not there",
        IpsetError.TypeMismatch => "the sets are of different types or families",
        IpsetError.EntryExists => "the entry is there already, or is not there",
        IpsetError.PrefixLength => "the prefix length is out of range",
        IpsetError.Netmask => "the netmask is out of range",
        IpsetError.Family => "the set type does not have that address family",
        IpsetError.Timeout => "an entry has a timeout, but the set was created without",
        IpsetError.Referenced => "the set is in use by a rule or a list, or somebody is listing it",
        IpsetError.NeedsIpv4 => "an IPv4 address is needed",
        IpsetError.NeedsIpv6 => "an IPv6 address is needed",
        IpsetError.Counter => "an entry has counters, but the set was created without",
        IpsetError.Comment => "an entry has a comment, but the set was created without",
        IpsetError.MarkMask => "the mark mask is out of range",
        IpsetError.SkbInfo => "an entry has skbinfo, but the set was created without",
        IpsetError.BitmaskNetmask => "netmask and bitmask exclude each other",
        IpsetError.Full => "the set is full (or, for a bitmap or a list, the entry does not fit into it): create it with a larger maxelem, range or size",
        _ when (int)error >= 4096 => $"ipset's error {(int)error}",
        _ => LinuxException.Describe((Errno)error),
    };
}
