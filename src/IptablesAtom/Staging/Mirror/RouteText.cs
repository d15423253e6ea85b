using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Routes in the words of <c>ip route</c>, for messages.</summary>
/// <param name="links">The links that indexes mean.</param>
internal sealed class RouteText(IEnumerable<Link> links)
{
    /// <summary>Names of RTN_*, by number.</summary>
    private static readonly string[] Types =
        ["unspec", "", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat"];

    private readonly Dictionary<int, string> _names = links.ToDictionary(link => link.Index, link => link.Name);

    /// <summary>"10.0.0.0/8 via 192.0.2.1 dev eth0 table 100".</summary>
    internal string Describe(RouteMessage route)
    {
        byte[] header = route.Header.ToArray();
        StringBuilder text = new();
        if (header[7] < Types.Length && Types[header[7]] is { Length: > 0 } type)
        {
            text.Append(type).Append(' ');
        }

        AttributeReader attributes = route.Attributes;
        text.Append(attributes.TryFind(RouteAttribute.Destination, out Netlink.Netlink.Attribute value)
            ? Prefix(value.Value, header[1])
            : "default");
        if (attributes.TryFind(RouteAttribute.Source, out value))
        {
            text.Append(" from ").Append(Prefix(value.Value, header[2]));
        }

        if (attributes.TryFind(RouteAttribute.NexthopId, out value))
        {
            text.Append(CultureInfo.InvariantCulture, $" nhid {value.AsUInt32()}");
        }

        AppendHop(text, attributes);
        if (attributes.TryFind(RouteAttribute.OutputInterface, out value))
        {
            text.Append(" dev ").Append(Name((int)value.AsUInt32()));
        }

        if (attributes.TryFind(RouteAttribute.Multipath, out value))
        {
            AppendHops(text, value.Value);
        }

        uint table = attributes.TryFind(RouteAttribute.Table, out value) ? value.AsUInt32() : header[4];
        if (table != 254)
        {
            text.Append(CultureInfo.InvariantCulture, $" table {(table == RouteAttribute.LocalTable ? "local" : table)}");
        }

        if (attributes.TryFind(RouteAttribute.PreferredSource, out value))
        {
            text.Append(" src ").Append(new IPAddress(value.Value));
        }

        if (attributes.TryFind(RouteAttribute.Priority, out value))
        {
            text.Append(CultureInfo.InvariantCulture, $" metric {value.AsUInt32()}");
        }

        return text.ToString();
    }

    internal string Name(int index) => _names.GetValueOrDefault(index) ?? string.Create(CultureInfo.InvariantCulture, $"if{index}");

    private static string Prefix(ReadOnlySpan<byte> address, byte length) =>
        length == address.Length * 8 ? new IPAddress(address).ToString() : $"{new IPAddress(address)}/{length}";

    /// <summary>RTA_VIA is { u16 family, address }: a gateway of the other family.</summary>
    private static void AppendHop(StringBuilder text, AttributeReader attributes)
    {
        if (attributes.TryFind(RouteAttribute.Gateway, out Netlink.Netlink.Attribute gateway))
        {
            text.Append(" via ").Append(new IPAddress(gateway.Value));
        }
        else if (attributes.TryFind(RouteAttribute.Via, out gateway)
            && BinaryPrimitives.ReadUInt16LittleEndian(gateway.Value) is LibC.AF_INET or LibC.AF_INET6)
        {
            text.Append(" via ").Append(new IPAddress(gateway.Value[2..]));
        }
    }

    private void AppendHops(StringBuilder text, ReadOnlySpan<byte> hops)
    {
        while (hops.Length >= 8 && BinaryPrimitives.ReadUInt16LittleEndian(hops) is var length && length >= 8 && length <= hops.Length)
        {
            text.Append(" nexthop");
            AppendHop(text, new AttributeReader(hops[8..length]));
            text.Append(CultureInfo.InvariantCulture, $" dev {Name(BinaryPrimitives.ReadInt32LittleEndian(hops[4..]))} weight {hops[3] + 1}");
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }
    }
}
