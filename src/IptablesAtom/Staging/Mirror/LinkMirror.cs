using System.Globalization;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Makes live's links in staging. Creation runs on a thread inside staging: a TAP belongs where /dev/net/tun is opened.</summary>
internal sealed partial class LinkMirror(MirrorContext context)
{
    private Dictionary<string, Link> _made = [];
    private int _highestIndex;

    /// <summary>Makes the links, each after the one it stands on.</summary>
    internal void CreateHere()
    {
        List<Link> existing = Link.Dump(context.Staging);
        Dictionary<string, int> names = existing.ToDictionary(link => link.Name, link => link.Index);
        HashSet<int> used = [.. existing.Select(link => link.Index)];
        _highestIndex = context.Links.Concat(existing).Max(link => link.Index);
        List<Link> waiting = [];
        List<Link> ordered = [];
        HashSet<int> here = [.. context.Links.Select(link => link.Index)];
        foreach (Link link in context.Links)
        {
            if (names.TryGetValue(link.Name, out int index))
            {
                context[link.Index] = index;
                ordered.Add(link);
                continue;
            }

            context[link.Index] = used.Contains(link.Index) ? ++_highestIndex : link.Index;
            if (context[link.Index] != link.Index)
            {
                context.Result.AddGap(Subject(link), $"it has another index ({context[link.Index]}): the kernel's own link holds {link.Index}");
            }

            if (MirroredKind.IsReal(link.Kind) && !link.LowerIsElsewhere)
            {
                waiting.Add(link);
            }
            else
            {
                CreateDevice(link);
                ordered.Add(link);
            }
        }

        HashSet<int> done = [.. ordered.Select(link => link.Index)];
        while (waiting.Count > 0)
        {
            // A level of the stack: those whose parent stands.
            List<Link> level = waiting.FindAll(link => !here.Contains(link.Lower) || done.Contains(link.Lower));
            level = level.Count > 0 ? level : [.. waiting];
            CreateLevel(level);
            ordered.AddRange(level);
            done.UnionWith(level.Select(link => link.Index));
            waiting.RemoveAll(level.Contains);
        }

        context.Links = ordered;
        Refresh();
    }

    /// <summary>Reads what staging has now.</summary>
    internal void Refresh() => _made = Link.Dump(context.Staging).ToDictionary(link => link.Name);

    /// <summary>Live's links that stand in staging, each with its likeness.</summary>
    internal IEnumerable<(Link Live, Link Made)> Pairs =>
        context.Links.Where(link => _made.ContainsKey(link.Name)).Select(link => (link, _made[link.Name]));

    internal static string Subject(Link link) => $"the link {link.Name}";

    private void CreateLevel(List<Link> level)
    {
        foreach (Link link in level)
        {
            MessageWriter writer = Begin(context[link.Index], NetlinkFlags.Create | NetlinkFlags.Excl);
            writer.PutString(LinkAttribute.Name, link.Name);
            if (link.Type == Ethernet)
            {
                writer.PutBytes(LinkAttribute.Address, link.Address); // an ifb takes none later
            }

            if (link.Lower != 0)
            {
                writer.PutUInt32(LinkAttribute.Link, (uint)context[link.Lower]);
            }

            using (writer.Nested(LinkAttribute.LinkInfo))
            {
                writer.PutString(LinkAttribute.InfoKind, link.Kind);
                using (writer.Nested(LinkAttribute.InfoData))
                {
                    foreach (Netlink.Netlink.Attribute attribute in new AttributeReader(link.InfoData))
                    {
                        if (MirroredKind.Making(link.Kind).Contains(attribute.Type))
                        {
                            writer.PutBytes(attribute.RawType, attribute.Value);
                        }
                    }
                }
            }

            context.Staging.End(link);
        }

        foreach (RouteFailure failure in context.Staging.Finish())
        {
            Link link = (Link)failure.Subject;
            context.Result.AddGap(Subject(link), $"shown without being a {link.Kind}: {failure.Reason}");
            CreateDevice(link);
        }
    }

    private void CreateDevice(Link link)
    {
        TunDevice? device = TunDevice.CreateHere(link.Name, context[link.Index], link.Type, out Errno errno);
        if (device is not null)
        {
            context.Result.Add(device);
            if (!link.HasCarrier && (link.Flags & LinkFlags.Up) != 0)
            {
                // Unplugged before it is up: later the kernel would take up to a second to notice.
                device.SetCarrier(false);
            }

            return;
        }

        // /dev/net/tun is not there, or not for ordinary users: a link without a wire, which has no carrier to take away.
        if (!WithoutWire.Any(kind => TryCreate(link, kind)))
        {
            string remedy = errno is Errno.ENOENT or Errno.ENODEV ? " (/dev/net/tun; load the module tun)" : "";
            context.Result.AddGap(Subject(link), LinuxException.Describe(errno) + remedy);
        }
    }

    private bool TryCreate(Link link, string kind)
    {
        MessageWriter writer = Begin(context[link.Index], NetlinkFlags.Create | NetlinkFlags.Excl);
        writer.PutString(LinkAttribute.Name, link.Name);
        if (link.Type == Ethernet)
        {
            writer.PutBytes(LinkAttribute.Address, link.Address);
        }

        using (writer.Nested(LinkAttribute.LinkInfo))
        {
            writer.PutString(LinkAttribute.InfoKind, kind);
        }

        context.Staging.End(link);
        return context.Staging.Finish().Count == 0;
    }

    /// <summary>Begins a request about a link: ifinfomsg { u8 family, padding, u16 type, s32 index, u32 flags, u32 change }.</summary>
    internal MessageWriter Begin(
        int index,
        NetlinkFlags flags = NetlinkFlags.None,
        LinkFlags value = LinkFlags.None,
        LinkFlags change = LinkFlags.None,
        ushort type = RouteMessageType.NewLink)
    {
        MessageWriter writer = context.Staging.Begin(type, flags);
        Span<byte> header = stackalloc byte[RouteHeader.Link];
        header.Clear();
        BitConverter.TryWriteBytes(header[4..], index);
        BitConverter.TryWriteBytes(header[8..], (uint)value);
        BitConverter.TryWriteBytes(header[12..], (uint)change);
        writer.PutRaw(header);
        return writer;
    }
}
