using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Route;

/// <summary>One object of a dump: its fixed header (ifinfomsg, ifaddrmsg, rtmsg...) and attributes, copied.</summary>
/// <param name="payload">Everything behind nlmsghdr.</param>
/// <param name="headerSize">Bytes of the fixed header.</param>
internal sealed class RouteMessage(byte[] payload, int headerSize)
{
    internal ReadOnlySpan<byte> Header => payload.AsSpan(0, headerSize);

    internal AttributeReader Attributes => new(payload.AsSpan(headerSize));

    /// <summary>The address family: the first byte of every header of rtnetlink.</summary>
    internal byte Family => payload[0];

    internal ReadOnlySpan<byte> Payload => payload;
}
