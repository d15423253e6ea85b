namespace IptablesAtom.Netlink.Route;

/// <summary>Flags of a link (linux/if.h).</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 1, // IFF_UP
    Broadcast = 2, // IFF_BROADCAST
    NoTrailers = 0x20, // IFF_NOTRAILERS
    NoArp = 0x80, // IFF_NOARP
    Promiscuous = 0x100, // IFF_PROMISC
    AllMulticast = 0x200, // IFF_ALLMULTI
    Multicast = 0x1000, // IFF_MULTICAST
    Dynamic = 0x8000, // IFF_DYNAMIC
    LowerUp = 0x10000, // IFF_LOWER_UP

    /// <summary>Those that an administrator can set.</summary>
    Settable = Up | NoTrailers | NoArp | Promiscuous | AllMulticast | Multicast | Dynamic,
}
