using System.Buffers.Binary;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>A route in the form in which it can be asked for again: without the state that only dumps have.</summary>
internal sealed class RouteEntry
{
    private const int UserTicks = 100; // USER_HZ: the unit of rta_cacheinfo.rta_expires
    private readonly byte[] _payload;
    private readonly uint _expires;

    private RouteEntry(byte[] payload, uint expires)
    {
        (_payload, _expires) = (payload, expires);
        Key = Convert.ToHexString(payload);
    }

    /// <summary>Equal for the same route, whatever its state.</summary>
    internal string Key { get; }

    /// <summary>The kernel made it, for an address.</summary>
    internal bool IsByKernel => _payload[5] == RouteAttribute.ByKernel;

    /// <summary>The index of the link it leaves by, or 0.</summary>
    internal int OutputInterface =>
        Message.Attributes.TryFind(RouteAttribute.OutputInterface, out Netlink.Netlink.Attribute link) ? (int)link.AsUInt32() : 0;

    /// <summary>Family, table, destination and metric: equal for routes of which the kernel takes the first that works.</summary>
    internal string Place
    {
        get
        {
            AttributeReader attributes = Message.Attributes;
            string destination = attributes.TryFind(RouteAttribute.Destination, out Netlink.Netlink.Attribute value) ? Convert.ToHexString(value.Value) : "";
            uint table = attributes.TryFind(RouteAttribute.Table, out value) ? value.AsUInt32() : _payload[4];
            uint metric = attributes.TryFind(RouteAttribute.Priority, out value) ? value.AsUInt32() : 0;
            return $"{_payload[0]} {destination}/{_payload[1]} {table} {metric}";
        }
    }

    /// <summary>The route, as text for people.</summary>
    internal RouteMessage Message => new(_payload, RouteHeader.Route);

    /// <summary>All routes of a namespace but those that the kernel itself keeps: table local, and cached ones.</summary>
    /// <param name="socket">rtnetlink of it.</param>
    /// <param name="index">The index that a link shall be known by; 0 for a link that is not there: the route is left out.</param>
    internal static List<RouteEntry> Dump(RouteSocket socket, Func<int, int> index)
    {
        // Each once: when the tables change under an IPv6 dump, the kernel may list routes a second time without saying so.
        List<RouteEntry> entries = [];
        HashSet<string> seen = [];
        foreach (byte family in new byte[] { LibC.AF_INET, LibC.AF_INET6 })
        {
            foreach (RouteMessage message in socket.Dump(RouteMessageType.GetRoute, RouteHeader.Route, family))
            {
                if (message.Family == family && !IsKernels(message) && Normalise(message, index) is { } entry && seen.Add(entry.Key))
                {
                    entries.Add(entry);
                }
            }
        }

        return entries;
    }

    /// <summary>Writes rtmsg and attributes.</summary>
    internal void Write(MessageWriter writer)
    {
        writer.PutRaw(_payload);
        if (_expires > 0)
        {
            writer.PutUInt32(RouteAttribute.Expires, _expires);
        }
    }

    /// <summary>rtmsg { u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags }.</summary>
    private static bool IsKernels(RouteMessage message)
    {
        bool cloned = (BinaryPrimitives.ReadUInt32LittleEndian(message.Header[8..]) & RouteAttribute.Cloned) != 0;
        return cloned || (message.Header[4] == RouteAttribute.LocalTable && message.Header[5] == RouteAttribute.ByKernel);
    }

    private static RouteEntry? Normalise(RouteMessage message, Func<int, int> index)
    {
        using MessageWriter writer = new(256);
        bool hasNexthop = message.Attributes.TryFind(RouteAttribute.NexthopId, out _);
        Span<byte> header = stackalloc byte[RouteHeader.Route];
        message.Header.CopyTo(header);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        flags &= ~(RouteAttribute.ReportedFlags | RouteAttribute.StateFlags | (hasNexthop ? RouteAttribute.OnLink : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], flags);
        if (hasNexthop && header[7] == RouteAttribute.Blackhole)
        {
            header[7] = RouteAttribute.Unicast; // the next hop object is the black hole
        }

        writer.PutRaw(header);
        uint expires = 0;
        foreach (Netlink.Netlink.Attribute attribute in message.Attributes)
        {
            switch (attribute.Type)
            {
                case RouteAttribute.CacheInfo:
                    // rta_expires, the third number; only IPv6 routes learned from routers have it.
                    int ticks = attribute.Value.Length >= 12 ? BinaryPrimitives.ReadInt32LittleEndian(attribute.Value[8..]) : 0;
                    expires = message.Family == LibC.AF_INET6 && ticks > UserTicks ? (uint)(ticks / UserTicks) : 0;
                    break;
                case RouteAttribute.OutputInterface or RouteAttribute.Gateway or RouteAttribute.Via or RouteAttribute.Multipath
                    or RouteAttribute.Encapsulation or RouteAttribute.EncapsulationType when hasNexthop:
                    break; // the next hop object says it, and the kernel refuses both
                case RouteAttribute.OutputInterface or RouteAttribute.InputInterface:
                    if (index((int)attribute.AsUInt32()) is var mapped && mapped == 0)
                    {
                        return null;
                    }

                    writer.PutUInt32(attribute.Type, (uint)mapped);
                    break;
                case RouteAttribute.Multipath:
                    byte[] hops = attribute.Value.ToArray();
                    NormaliseHops(hops, index);
                    writer.PutBytes(attribute.RawType, hops);
                    break;
                default:
                    writer.PutBytes(attribute.RawType, attribute.Value);
                    break;
            }
        }

        return new RouteEntry(writer.Written.ToArray(), expires);
    }

    /// <summary>Each rtnexthop { u16 length, u8 flags, u8 weight - 1, s32 index } with its attributes.</summary>
    private static void NormaliseHops(Span<byte> hops, Func<int, int> index)
    {
        while (hops.Length >= 8)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(hops);
            if (length < 8 || length > hops.Length)
            {
                throw new WireFormatException("next hop", $"8 to {hops.Length} bytes", length);
            }

            hops[2] &= unchecked((byte)~RouteAttribute.ReportedFlags);
            int mapped = index(BinaryPrimitives.ReadInt32LittleEndian(hops[4..]));
            BinaryPrimitives.WriteInt32LittleEndian(hops[4..], mapped);
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }
    }
}
