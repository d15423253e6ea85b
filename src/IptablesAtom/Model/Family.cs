namespace IptablesAtom.Model;

/// <summary>The kernel's protocol families of tables (linux/netfilter.h, NFPROTO_*).</summary>
public enum Family : byte
{
    /// <summary>IPv4 and IPv6 in one native nft table.</summary>
    Inet = 1, // NFPROTO_INET
    /// <summary>IPv4.</summary>
    Ipv4 = 2, // NFPROTO_IPV4
    /// <summary>ARP.</summary>
    Arp = 3, // NFPROTO_ARP
    /// <summary>A device's ingress and egress, native nft only.</summary>
    Netdev = 5, // NFPROTO_NETDEV
    /// <summary>Frames on a bridge (ebtables).</summary>
    Bridge = 7, // NFPROTO_BRIDGE
    /// <summary>IPv6.</summary>
    Ipv6 = 10, // NFPROTO_IPV6
}
