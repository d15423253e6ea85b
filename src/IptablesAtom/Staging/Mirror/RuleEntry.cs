using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>A routing policy rule (<c>ip rule</c>), without the state that only dumps have.</summary>
internal sealed class RuleEntry
{
    private const int Destination = 1; // FRA_DST
    private const int Source = 2; // FRA_SRC
    private const int InputInterface = 3; // FRA_IIFNAME
    private const int Priority = 6; // FRA_PRIORITY
    private const int FirewallMark = 10; // FRA_FWMARK
    private const int Table = 15; // FRA_TABLE
    private const int OutputInterface = 17; // FRA_OIFNAME
    private const uint State = 0x4 | 0x8 | 0x10; // FIB_RULE_UNRESOLVED, IIF_DETACHED, OIF_DETACHED
    private readonly byte[] _payload;

    private RuleEntry(RouteMessage message)
    {
        _payload = message.Payload.ToArray();
        Span<byte> flags = _payload.AsSpan(8, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(flags, BinaryPrimitives.ReadUInt32LittleEndian(flags) & ~State);
        Key = Convert.ToHexString(_payload);
    }

    /// <summary>Equal for equal rules.</summary>
    internal string Key { get; }

    /// <summary>The IPv4 and IPv6 rules of a namespace.</summary>
    internal static List<RuleEntry> Dump(RouteSocket socket) =>
        [.. new byte[] { LibC.AF_INET, LibC.AF_INET6 }
            .SelectMany(family => socket.Dump(RouteMessageType.GetRule, RouteHeader.Rule, family).Where(rule => rule.Family == family))
            .Select(rule => new RuleEntry(rule))];

    /// <summary>Writes fib_rule_hdr and attributes.</summary>
    internal void Write(MessageWriter writer) => writer.PutRaw(_payload);

    /// <summary>"from 10.0.0.0/8 fwmark 0x1 lookup 100 (priority 32765)".</summary>
    public override string ToString()
    {
        AttributeReader attributes = new(_payload.AsSpan(RouteHeader.Rule));
        StringBuilder text = new("from ");
        text.Append(attributes.TryFind(Source, out Netlink.Netlink.Attribute value) ? $"{new IPAddress(value.Value)}/{_payload[2]}" : "all");
        if (attributes.TryFind(Destination, out value))
        {
            text.Append(CultureInfo.InvariantCulture, $" to {new IPAddress(value.Value)}/{_payload[1]}");
        }

        if (attributes.TryFind(FirewallMark, out value) && value.AsUInt32() != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" fwmark 0x{value.AsUInt32():x}");
        }

        if (attributes.TryFind(InputInterface, out value))
        {
            text.Append(" iif ").Append(value.AsString());
        }

        if (attributes.TryFind(OutputInterface, out value))
        {
            text.Append(" oif ").Append(value.AsString());
        }

        uint table = attributes.TryFind(Table, out value) ? value.AsUInt32() : _payload[4];
        uint priority = attributes.TryFind(Priority, out value) ? value.AsUInt32() : 0;
        return text.Append(CultureInfo.InvariantCulture, $" lookup {table} (priority {priority})").ToString();
    }
}
