namespace IptablesAtom.Netlink.Route;

/// <summary>Message types of rtnetlink (linux/rtnetlink.h). A DEL is the NEW plus 1, a GET the NEW plus 2.</summary>
internal static class RouteMessageType
{
    internal const ushort NewLink = 16; // RTM_NEWLINK
    internal const ushort DeleteLink = 17; // RTM_DELLINK
    internal const ushort GetLink = 18; // RTM_GETLINK
    internal const ushort NewAddress = 20; // RTM_NEWADDR
    internal const ushort GetAddress = 22; // RTM_GETADDR
    internal const ushort NewRoute = 24; // RTM_NEWROUTE
    internal const ushort DeleteRoute = 25; // RTM_DELROUTE
    internal const ushort GetRoute = 26; // RTM_GETROUTE
    internal const ushort NewNeighbour = 28; // RTM_NEWNEIGH
    internal const ushort GetNeighbour = 30; // RTM_GETNEIGH
    internal const ushort NewRule = 32; // RTM_NEWRULE
    internal const ushort DeleteRule = 33; // RTM_DELRULE
    internal const ushort GetRule = 34; // RTM_GETRULE
    internal const ushort NewQdisc = 36; // RTM_NEWQDISC
    internal const ushort GetQdisc = 38; // RTM_GETQDISC
    internal const ushort NewTrafficClass = 40; // RTM_NEWTCLASS
    internal const ushort GetTrafficClass = 42; // RTM_GETTCLASS
    internal const ushort NewTrafficFilter = 44; // RTM_NEWTFILTER
    internal const ushort GetTrafficFilter = 46; // RTM_GETTFILTER
    internal const ushort GetNeighbourTable = 66; // RTM_GETNEIGHTBL
    internal const ushort SetNeighbourTable = 67; // RTM_SETNEIGHTBL
    internal const ushort NewNexthop = 104; // RTM_NEWNEXTHOP
    internal const ushort GetNexthop = 106; // RTM_GETNEXTHOP
    internal const ushort NewLinkProperty = 108; // RTM_NEWLINKPROP
}
