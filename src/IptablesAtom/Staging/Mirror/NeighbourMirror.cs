using System.Buffers.Binary;
using System.Net;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Copies neighbours: the permanent ones, proxies, and some of the learned ones.</summary>
/// <remarks>
/// Learned neighbours of all namespaces share one table with one limit (net.ipv4.neigh.default.gc_thresh3). A whole copy
/// could push live's own out of it; permanent ones do not count there. So only the first few learned ones are copied, enough for a
/// script that looks for its gateway's hardware address.
/// </remarks>
internal static class NeighbourMirror
{
    private const int Destination = 1; // NDA_DST
    private const int LinkAddress = 2; // NDA_LLADDR
    private const int Protocol = 12; // NDA_PROTOCOL
    private const int ExtendedFlags = 15; // NDA_FLAGS_EXT
    private const ushort Reachable = 0x02; // NUD_REACHABLE
    private const ushort Stale = 0x04; // NUD_STALE
    private const ushort Delay = 0x08; // NUD_DELAY
    private const ushort Probe = 0x10; // NUD_PROBE
    private const ushort WithoutProbing = 0x40; // NUD_NOARP
    private const ushort Permanently = 0x80; // NUD_PERMANENT
    private const byte Proxy = 0x08; // NTF_PROXY
    private const int LearnedLimit = 64;

    internal static void Copy(MirrorContext context)
    {
        int learned = 0;
        foreach (RouteMessage neighbour in context.Live.Dump(RouteMessageType.GetNeighbour, RouteHeader.Neighbour))
        {
            ushort state = BinaryPrimitives.ReadUInt16LittleEndian(neighbour.Header[8..]);
            if (neighbour.Family is not (LibC.AF_INET or LibC.AF_INET6) || !neighbour.Attributes.TryFind(LinkAddress, out _))
            {
                continue;
            }

            if ((state & Permanently) != 0)
            {
                Add(context, neighbour, Permanently);
            }
            else if ((state & (Reachable | Stale | Delay | Probe | WithoutProbing)) != 0 && learned++ < LearnedLimit)
            {
                Add(context, neighbour, (state & WithoutProbing) != 0 ? WithoutProbing : (state & Reachable) != 0 ? Reachable : Stale);
            }
        }

        Span<byte> request = stackalloc byte[RouteHeader.Neighbour];
        request.Clear();
        request[10] = Proxy;
        foreach (RouteMessage proxy in context.Live.Dump(RouteMessageType.GetNeighbour, request))
        {
            if (proxy.Family is LibC.AF_INET or LibC.AF_INET6)
            {
                Add(context, proxy, Permanently);
            }
        }

        context.Finish();
    }

    /// <summary>The permanent neighbours of a namespace.</summary>
    internal static IEnumerable<(IPAddress Address, int Link)> Permanent(RouteSocket socket)
    {
        foreach (RouteMessage neighbour in socket.Dump(RouteMessageType.GetNeighbour, RouteHeader.Neighbour))
        {
            if (neighbour.Family is LibC.AF_INET or LibC.AF_INET6
                && (BinaryPrimitives.ReadUInt16LittleEndian(neighbour.Header[8..]) & Permanently) != 0
                && neighbour.Attributes.TryFind(Destination, out Netlink.Netlink.Attribute address))
            {
                yield return (new IPAddress(address.Value), BinaryPrimitives.ReadInt32LittleEndian(neighbour.Header[4..]));
            }
        }
    }

    /// <summary>ndmsg { u8 family, 3 bytes padding; s32 index; u16 state; u8 flags, type }.</summary>
    private static void Add(MirrorContext context, RouteMessage neighbour, ushort state)
    {
        int index = BinaryPrimitives.ReadInt32LittleEndian(neighbour.Header[4..]);
        if ((index != 0 && !context.Has(index)) || !neighbour.Attributes.TryFind(Destination, out Netlink.Netlink.Attribute address))
        {
            return;
        }

        MessageWriter writer = context.Staging.Begin(RouteMessageType.NewNeighbour, NetlinkFlags.Create | NetlinkFlags.Replace);
        Span<byte> header = stackalloc byte[RouteHeader.Neighbour];
        neighbour.Header.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], context[index]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], state);
        header[11] = 0;
        writer.PutRaw(header);
        writer.PutBytes(Destination, address.Value);
        foreach (int copied in (ReadOnlySpan<int>)[LinkAddress, Protocol, ExtendedFlags])
        {
            if (neighbour.Attributes.TryFind(copied, out Netlink.Netlink.Attribute value))
            {
                writer.PutBytes(copied, value.Value);
            }
        }

        context.Staging.End($"the neighbour {new IPAddress(address.Value)}");
    }
}
