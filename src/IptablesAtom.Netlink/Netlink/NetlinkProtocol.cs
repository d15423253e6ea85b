namespace IptablesAtom.Netlink.Netlink;

/// <summary>Netlink families (linux/netlink.h).</summary>
public enum NetlinkProtocol
{
    /// <summary>rtnetlink: links, addresses, routes.</summary>
    Route = 0, // NETLINK_ROUTE
    /// <summary>nfnetlink: nf_tables, ipset, conntrack, logs.</summary>
    Netfilter = 12, // NETLINK_NETFILTER
}
