namespace IptablesAtom.Netlink.Netlink;

/// <summary>Message types below the subsystems (linux/netlink.h).</summary>
internal static class NetlinkType
{
    internal const ushort Noop = 1; // NLMSG_NOOP
    internal const ushort Error = 2; // NLMSG_ERROR
    internal const ushort Done = 3; // NLMSG_DONE
    internal const ushort BatchBegin = 0x10; // NFNL_MSG_BATCH_BEGIN
    internal const ushort BatchEnd = 0x11; // NFNL_MSG_BATCH_END
}
