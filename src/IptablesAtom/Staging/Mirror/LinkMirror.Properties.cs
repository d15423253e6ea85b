using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <content>What the links are like: addresses, sizes, membership, state.</content>
internal sealed partial class LinkMirror
{
    private const ushort Ethernet = 1; // ARPHRD_ETHER
    private static readonly string[] WithoutWire = ["dummy", "ifb"];
    private const byte Down = 2; // IF_OPER_DOWN
    private const byte LowerLayerDown = 3; // IF_OPER_LOWERLAYERDOWN
    private const byte Up = 6; // IF_OPER_UP
    private const byte Dormant = 5; // IF_OPER_DORMANT

    /// <summary>Each property in a request of its own, and only where it differs: one refusal costs no other property.</summary>
    internal void SetProperties()
    {
        foreach ((Link live, Link made) in Pairs)
        {
            if (live.Type == Ethernet && !live.Address.AsSpan().SequenceEqual(made.Address))
            {
                Set(live, "hardware address", writer => writer.PutBytes(LinkAttribute.Address, live.Address));
            }

            if (live.TransmitQueueLength != made.TransmitQueueLength)
            {
                Set(live, "queue length", writer => writer.PutUInt32(LinkAttribute.TransmitQueueLength, live.TransmitQueueLength));
            }

            if (live.Group != made.Group)
            {
                Set(live, "group", writer => writer.PutUInt32(LinkAttribute.Group, live.Group));
            }

            if (live.Alias != made.Alias)
            {
                Set(live, "alias", writer => writer.PutString(LinkAttribute.Alias, live.Alias));
            }

            if (live.AlternativeNames.Except(made.AlternativeNames).ToList() is { Count: > 0 } names)
            {
                SetNames(live, names);
            }

            if (live.Mtu != made.Mtu)
            {
                Set(live, "MTU", writer => writer.PutUInt32(LinkAttribute.Mtu, live.Mtu));
            }

            if (live.Kind == made.Kind)
            {
                SetKind(live, made);
            }
        }

        bool hasMasters = false;
        foreach ((Link live, _) in Pairs.Where(pair => pair.Live.Master != 0 && context.Has(pair.Live.Master)))
        {
            Set(live, "master", writer => writer.PutUInt32(LinkAttribute.Master, (uint)context[live.Master]));
            hasMasters = true;
        }

        context.Finish();
        if (hasMasters)
        {
            SetMastersAgain();
        }
    }

    /// <summary>The settable flags and the operational state. From now on the links work.</summary>
    internal void SetFlags()
    {
        foreach ((Link live, Link made) in Pairs)
        {
            LinkFlags change = (live.Flags ^ made.Flags) & LinkFlags.Settable;
            bool stateDiffers = live.OperationalState != made.OperationalState && live.OperationalState is Up or Dormant;
            if (change == LinkFlags.None && !stateDiffers)
            {
                continue;
            }

            MessageWriter writer = Begin(context[live.Index], value: live.Flags & change, change: change);
            if (stateDiffers)
            {
                writer.PutByte(LinkAttribute.OperationalState, live.OperationalState);
            }

            context.Staging.End($"{Subject(live)}, state");
        }

        context.Finish();
    }

    /// <summary>The queueing discipline of links that have one queue: TAPs come with another one than what they stand for.</summary>
    /// <remarks>Only those without settings of their own; with a shaper (htb...) the name alone would be another thing.</remarks>
    internal void SetQdiscs()
    {
        foreach ((Link live, Link made) in Pairs)
        {
            if (live.Qdisc == made.Qdisc || live.Qdisc is not ("noqueue" or "fq_codel" or "fq" or "pfifo_fast"))
            {
                continue;
            }

            // tcmsg { u8 family, 3 bytes padding; s32 index; u32 handle, parent (TC_H_ROOT), info }
            MessageWriter writer = context.Staging.Begin(RouteMessageType.NewQdisc, NetlinkFlags.Create | NetlinkFlags.Replace);
            byte[] header = new byte[RouteHeader.TrafficControl];
            BitConverter.TryWriteBytes(header.AsSpan(4), context[live.Index]);
            BitConverter.TryWriteBytes(header.AsSpan(12), uint.MaxValue);
            writer.PutRaw(header);
            writer.PutString(1, live.Qdisc); // TCA_KIND
            context.Staging.End($"{Subject(live)}, queueing discipline {live.Qdisc}");
        }

        context.Finish();
    }

    /// <summary>
    /// Lets the states of the links settle. The kernel works through changes of carrier when it finds time, up to a second later; asked for one
    /// link (since 6.8), it does that link's first. A bridge or a link on another one follows when that one has changed: hence the passes.
    /// </summary>
    internal void Settle()
    {
        for (int pass = 0; pass < 3; pass++)
        {
            Refresh();
            List<Link> late = [.. Pairs.Where(pair => !HasSettled(pair.Live, pair.Made)).Select(pair => pair.Made)];
            if (late.Count == 0)
            {
                return;
            }

            foreach (Link link in late)
            {
                Begin(link.Index, type: RouteMessageType.GetLink);
                context.Staging.End(link);
            }

            context.Staging.Finish();
        }
    }

    /// <summary>Whether the state is live's. A device has nothing below it that could be down.</summary>
    private static bool HasSettled(Link live, Link made) => live.OperationalState == made.OperationalState
        || (live.OperationalState == LowerLayerDown && made.OperationalState == Down);

    /// <summary>How IPv6 makes addresses: last, so that none is made that live does not have.</summary>
    internal void SetAddressGeneration()
    {
        foreach ((Link live, Link made) in Pairs)
        {
            if (live.AddressGeneration is { } mode && made.AddressGeneration is { } has && mode != has)
            {
                MessageWriter writer = Begin(context[live.Index]);
                using (writer.Nested(LinkAttribute.AddressFamilies))
                using (writer.Nested(Netlink.Linux.LibC.AF_INET6))
                {
                    writer.PutByte(LinkAttribute.Inet6AddressGeneration, mode);
                }

                context.Staging.End($"{Subject(live)}, IPv6 address generation");
            }
        }

        context.Finish();
    }

    /// <summary>A bridge takes the smallest MTU of its ports as they join, and ports have settings of their own.</summary>
    private void SetMastersAgain()
    {
        Refresh();
        foreach ((Link live, Link made) in Pairs)
        {
            if (live.Mtu != made.Mtu)
            {
                Set(live, "MTU", writer => writer.PutUInt32(LinkAttribute.Mtu, live.Mtu));
            }

            if (live.PortKind == made.PortKind)
            {
                SetPort(live, made);
            }
        }

        context.Finish();
    }

    private void SetKind(Link live, Link made) => SetInfo(
        live, MirroredKind.Later(live.Kind), live.InfoData, made.InfoData, live.Kind, LinkAttribute.InfoKind, LinkAttribute.InfoData);

    private void SetPort(Link live, Link made) => SetInfo(
        live, MirroredKind.OfPort(live.PortKind), live.PortData, made.PortData, live.PortKind, LinkAttribute.InfoPortKind, LinkAttribute.InfoPortData);

    private void SetInfo(Link live, int[] settings, byte[] wantedData, byte[] currentData, string kind, int kindAttribute, int dataAttribute)
    {
        foreach (int setting in settings)
        {
            if (new AttributeReader(wantedData).TryFind(setting, out Netlink.Netlink.Attribute wanted)
                && new AttributeReader(currentData).TryFind(setting, out Netlink.Netlink.Attribute current)
                && !wanted.Value.SequenceEqual(current.Value))
            {
                MessageWriter writer = Begin(context[live.Index]);
                using (writer.Nested(LinkAttribute.LinkInfo))
                {
                    writer.PutString(kindAttribute, kind);
                    using (writer.Nested(dataAttribute))
                    {
                        writer.PutBytes(wanted.RawType, wanted.Value);
                    }
                }

                context.Staging.End($"{Subject(live)}, setting {setting} of its kind {kind}");
            }
        }
    }

    private void Set(Link live, string property, Action<MessageWriter> put)
    {
        put(Begin(context[live.Index]));
        context.Staging.End($"{Subject(live)}, {property}");
    }

    private void SetNames(Link live, List<string> names)
    {
        MessageWriter writer = context.Staging.Begin(RouteMessageType.NewLinkProperty, NetlinkFlags.Create | NetlinkFlags.Excl | NetlinkFlags.Append);
        Span<byte> header = stackalloc byte[RouteHeader.Link];
        header.Clear();
        BitConverter.TryWriteBytes(header[4..], context[live.Index]);
        writer.PutRaw(header);
        using (writer.Nested(LinkAttribute.PropertyList))
        {
            foreach (string name in names)
            {
                writer.PutString(LinkAttribute.AlternativeName, name);
            }
        }

        context.Staging.End($"{Subject(live)}, alternative names");
    }
}
