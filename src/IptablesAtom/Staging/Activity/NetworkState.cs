using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;
using IptablesAtom.Staging.Mirror;

namespace IptablesAtom.Staging.Activity;

/// <summary>What rtnetlink says of a namespace, in words, apart from what the kernel makes by itself.</summary>
internal sealed class NetworkState
{
    private const int Kind = 1; // TCA_KIND
    private const byte ScopeLink = 253; // RT_SCOPE_LINK
    private const uint NoParent = uint.MaxValue; // TC_H_ROOT
    private const uint Ingress = 0xfffffff1; // TC_H_INGRESS, TC_H_CLSACT

    private NetworkState(RouteSocket socket)
    {
        Links = Link.Dump(socket).ToDictionary(link => link.Index);
        RouteText text = new(Links.Values);
        Addresses = Words(socket.Dump(RouteMessageType.GetAddress, RouteHeader.Address).Where(IsChosen)
            .Select(address => ($"{AddressMirror.Text(address)} dev {text.Name(AddressMirror.LinkIndex(address))}", AddressMirror.LinkIndex(address))));
        Routes = Words(RouteEntry.Dump(socket, index => index).Where(route => !route.IsByKernel)
            .Select(route => (text.Describe(route.Message), route.OutputInterface)));
        Rules = Words(RuleEntry.Dump(socket).Select(rule => (rule.ToString(), 0)));
        Neighbours = Words(NeighbourMirror.Permanent(socket).Select(neighbour => ($"{neighbour.Address} dev {text.Name(neighbour.Link)}", neighbour.Link)));
        Nexthops = Words(socket.Dump(RouteMessageType.GetNexthop, RouteHeader.Nexthop).Select(nexthop => (NexthopText(nexthop, text), 0)));
        List<RouteMessage> qdiscs = socket.Dump(RouteMessageType.GetQdisc, RouteHeader.TrafficControl);
        Qdiscs = Words(qdiscs.Select(qdisc => Describe(qdisc, text, handle => $"{handle >> 16:x}:")));
        // A discipline without a handle is the kernel's default one: nothing hangs on it.
        RouteMessage[] chosen = [.. qdiscs.Where(qdisc => Word(qdisc, 8) != 0)];
        Classes = Words(chosen.Select(qdisc => Word(qdisc, 4)).Distinct()
            .SelectMany(link => socket.Dump(RouteMessageType.GetTrafficClass, Request(link, 0))).Select(found => Describe(found, text, handle => $"{handle >> 16:x}:{handle & 0xffff:x}")));
        Filters = Words(chosen.SelectMany(qdisc => FilterParents(qdisc).SelectMany(parent => socket.Dump(RouteMessageType.GetTrafficFilter, Request(Word(qdisc, 4), parent))))
            .Select(filter => Describe(filter, text, handle => $"{handle:x} pref {Word(filter, 16) >> 16}")));
    }

    /// <summary>By index: a link that was given another name is still the same.</summary>
    internal Dictionary<int, Link> Links { get; }

    /// <summary>Each thing in words, with the index of the link it is on, or 0.</summary>
    internal Dictionary<string, int> Addresses { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Routes { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Rules { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Neighbours { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Qdiscs { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Nexthops { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Classes { get; }

    /// <inheritdoc cref="Addresses"/>
    internal Dictionary<string, int> Filters { get; }

    internal static NetworkState Read(NetworkNamespace target)
    {
        using RouteSocket socket = RouteSocket.Open(target);
        return new NetworkState(socket);
    }

    private static Dictionary<string, int> Words(IEnumerable<(string Text, int Link)> things)
    {
        Dictionary<string, int> words = new(StringComparer.Ordinal);
        foreach ((string text, int link) in things)
        {
            words[text] = link;
        }

        return words;
    }

    /// <summary>Not an IPv6 link-local one, which the kernel gives to every link that is taken up.</summary>
    private static bool IsChosen(RouteMessage address) => address.Family != LibC.AF_INET6 || address.Header[3] != ScopeLink;

    private static uint Word(RouteMessage message, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(message.Header[offset..]);

    /// <summary>tcmsg { u8 family, 3 bytes padding; s32 index; u32 handle, parent, info } that asks for what is on a link.</summary>
    private static byte[] Request(uint link, uint parent)
    {
        byte[] header = new byte[RouteHeader.TrafficControl];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), link);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), parent);
        return header;
    }

    /// <summary>Where filters of a discipline are: on itself; clsact and ingress have a place for each direction.</summary>
    private static uint[] FilterParents(RouteMessage qdisc) => Word(qdisc, 12) == Ingress ? [0xfffffff2, 0xfffffff3] : [Word(qdisc, 8)];

    private static (string Text, int Link) Describe(RouteMessage message, RouteText text, Func<uint, FormattableString> name)
    {
        int link = (int)Word(message, 4);
        uint parent = Word(message, 12);
        string kind = message.Attributes.TryFind(Kind, out Netlink.Netlink.Attribute found) ? found.AsString() : "?";
        string place = parent == NoParent ? "root" : string.Create(CultureInfo.InvariantCulture, $"parent {parent >> 16:x}:{parent & 0xffff:x}");
        return ($"{kind} {FormattableString.Invariant(name(Word(message, 8)))} dev {text.Name(link)} {place}", link);
    }

    /// <summary>NHA_ID 1, NHA_GATEWAY 6, NHA_OIF 5: u32, address, u32.</summary>
    private static string NexthopText(RouteMessage nexthop, RouteText text)
    {
        string id = nexthop.Attributes.TryFind(1, out Netlink.Netlink.Attribute number) ? number.AsUInt32().ToString(CultureInfo.InvariantCulture) : "?";
        string via = nexthop.Attributes.TryFind(6, out Netlink.Netlink.Attribute gateway) ? $" via {new IPAddress(gateway.Value)}" : "";
        string device = nexthop.Attributes.TryFind(5, out Netlink.Netlink.Attribute output) ? $" dev {text.Name((int)output.AsUInt32())}" : "";
        return $"id {id}{via}{device}";
    }
}
