using System.Buffers.Binary;
using System.Globalization;
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
        Qdiscs = Words(socket.Dump(RouteMessageType.GetQdisc, RouteHeader.TrafficControl).Select(qdisc => Describe(qdisc, text)));
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

    /// <summary>tcmsg { u8 family, 3 bytes padding; s32 index; u32 handle, parent, info }.</summary>
    private static (string Text, int Link) Describe(RouteMessage qdisc, RouteText text)
    {
        int link = BinaryPrimitives.ReadInt32LittleEndian(qdisc.Header[4..]);
        uint handle = BinaryPrimitives.ReadUInt32LittleEndian(qdisc.Header[8..]);
        uint parent = BinaryPrimitives.ReadUInt32LittleEndian(qdisc.Header[12..]);
        string kind = qdisc.Attributes.TryFind(Kind, out Netlink.Netlink.Attribute name) ? name.AsString() : "?";
        string place = parent == NoParent ? "root" : string.Create(CultureInfo.InvariantCulture, $"parent {parent >> 16:x}:{parent & 0xffff:x}");
        return (string.Create(CultureInfo.InvariantCulture, $"{kind} {handle >> 16:x}: dev {text.Name(link)} {place}"), link);
    }
}
