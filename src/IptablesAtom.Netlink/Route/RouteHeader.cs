namespace IptablesAtom.Netlink.Route;

/// <summary>Sizes of the fixed headers (linux/rtnetlink.h, if_link.h, if_addr.h, neighbour.h, fib_rules.h, nexthop.h).</summary>
internal static class RouteHeader
{
    internal const int Link = 16; // struct ifinfomsg
    internal const int Address = 8; // struct ifaddrmsg
    internal const int Route = 12; // struct rtmsg
    internal const int Rule = 12; // struct fib_rule_hdr
    internal const int Neighbour = 12; // struct ndmsg
    internal const int NeighbourTable = 4; // struct ndtmsg, padded
    internal const int Nexthop = 8; // struct nhmsg
    internal const int TrafficControl = 20; // struct tcmsg
}
