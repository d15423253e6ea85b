using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Snapshots;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Planning;

/// <summary>An entry of an ipset in the words of <c>ipset save</c>, without what changes by itself (time left, counters).</summary>
internal static class SetEntryText
{
    private const uint NoMatch = 4; // IPSET_FLAG_NOMATCH

    /// <summary>The entry's text.</summary>
    /// <param name="typeName">The set's type; its part behind the colon says what an entry consists of.</param>
    /// <param name="entry">The entry.</param>
    internal static string Of(string typeName, IpSetEntry entry)
    {
        StringBuilder text = new();
        bool isSecond = false;
        foreach (string dimension in typeName[(typeName.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(','))
        {
            if (dimension == "mac" && !entry.Attributes.TryFind(IpsetEntryAttribute.Ethernet, out _))
            {
                continue; // bitmap:ip,mac: not learnt yet
            }

            text.Append(text.Length > 0 ? "," : "").Append(dimension switch
            {
                "ip" or "net" => Address(entry.Attributes, isSecond),
                "port" => Port(entry.Attributes, typeName),
                "mac" => Mac(entry.Attributes),
                "mark" => entry.Attributes.TryFind(IpsetEntryAttribute.Mark, out NetlinkAttribute mark) ? Hex(mark.AsUInt32Be()) : "",
                "iface" => Interface(entry.Attributes),
                _ => entry.Name,
            });
            isSecond |= dimension is "ip" or "net";
        }

        return text.Append(Options(entry.Attributes)).ToString();
    }

    private static string Address(AttributeReader attributes, bool isSecond)
    {
        if (!attributes.TryFind(isSecond ? IpsetEntryAttribute.Address2 : IpsetEntryAttribute.Address, out NetlinkAttribute nest))
        {
            return "";
        }

        foreach (NetlinkAttribute address in nest.Nested)
        {
            string text = new IPAddress(address.Value).ToString();
            bool hasPrefix = attributes.TryFind(
                isSecond ? IpsetEntryAttribute.PrefixLength2 : IpsetEntryAttribute.PrefixLength, out NetlinkAttribute prefix);
            return hasPrefix && prefix.AsByte() != address.Value.Length * 8
                ? string.Create(CultureInfo.InvariantCulture, $"{text}/{prefix.AsByte()}")
                : text;
        }

        return "";
    }

    private static string Port(AttributeReader attributes, string typeName)
    {
        ushort port = attributes.TryFind(IpsetEntryAttribute.Port, out NetlinkAttribute number) ? number.AsUInt16Be() : (ushort)0;
        if (typeName == "bitmap:port" || !attributes.TryFind(IpsetEntryAttribute.Protocol, out NetlinkAttribute protocol))
        {
            return port.ToString(CultureInfo.InvariantCulture);
        }

        string name = protocol.AsByte() switch
        {
            1 => "icmp",
            6 => "tcp",
            17 => "udp",
            47 => "gre",
            50 => "esp",
            51 => "ah",
            58 => "ipv6-icmp",
            132 => "sctp",
            136 => "udplite",
            byte other => other.ToString(CultureInfo.InvariantCulture),
        };
        return name.EndsWith("icmp", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{name}:{port >> 8}/{port & 0xff}")
            : string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
    }

    private static string Mac(AttributeReader attributes) => attributes.TryFind(IpsetEntryAttribute.Ethernet, out NetlinkAttribute mac)
        ? string.Join(':', mac.Value.ToArray().Select(part => part.ToString("X2", CultureInfo.InvariantCulture)))
        : "";

    private static string Interface(AttributeReader attributes) =>
        (HasFlag(attributes, IpsetEntryAttribute.FlagPhysdev) ? "physdev:" : "")
        + (attributes.TryFind(IpsetEntryAttribute.Interface, out NetlinkAttribute name) ? name.AsString() : "");

    private static string Options(AttributeReader attributes)
    {
        StringBuilder text = new(HasFlag(attributes, NoMatch) ? " nomatch" : "");
        if (attributes.TryFind(IpsetEntryAttribute.Comment, out NetlinkAttribute comment))
        {
            text.Append(CultureInfo.InvariantCulture, $" comment \"{comment.AsString()}\"");
        }

        if (attributes.TryFind(IpsetEntryAttribute.SkbMark, out NetlinkAttribute mark) && mark.Value.Length == 8)
        {
            text.Append(CultureInfo.InvariantCulture, $" skbmark 0x{Number(mark, 0):x}");
            text.Append(Number(mark, 4) == uint.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"/0x{Number(mark, 4):x}"));
        }

        if (attributes.TryFind(IpsetEntryAttribute.SkbPriority, out NetlinkAttribute priority) && priority.AsUInt32Be() is var value)
        {
            text.Append(CultureInfo.InvariantCulture, $" skbprio {value >> 16:x}:{value & 0xffff:x}");
        }

        if (attributes.TryFind(IpsetEntryAttribute.SkbQueue, out NetlinkAttribute queue))
        {
            text.Append(CultureInfo.InvariantCulture, $" skbqueue {queue.AsUInt16Be()}");
        }

        return text.ToString();
    }

    private static bool HasFlag(AttributeReader attributes, uint flag) =>
        attributes.TryFind(IpsetEntryAttribute.Flags, out NetlinkAttribute flags) && (flags.AsUInt32Be() & flag) != 0;

    private static uint Number(NetlinkAttribute attribute, int offset) => BinaryPrimitives.ReadUInt32BigEndian(attribute.Value[offset..]);

    private static string Hex(uint value) => $"0x{value.ToString("x8", CultureInfo.InvariantCulture)}";
}
