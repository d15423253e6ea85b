using System.Buffers.Binary;
using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Route;

/// <summary>A network interface as the kernel describes it (RTM_NEWLINK).</summary>
internal sealed class Link
{
    private Link(RouteMessage message)
    {
        Type = BinaryPrimitives.ReadUInt16LittleEndian(message.Header[2..]);
        Index = BinaryPrimitives.ReadInt32LittleEndian(message.Header[4..]);
        Flags = (LinkFlags)BinaryPrimitives.ReadUInt32LittleEndian(message.Header[8..]);
        foreach (Netlink.Attribute attribute in message.Attributes)
        {
            Take(attribute);
        }
    }

    internal int Index { get; }

    /// <summary>ARPHRD_*: 1 is Ethernet, 65534 none.</summary>
    internal ushort Type { get; }

    internal LinkFlags Flags { get; }

    internal string Name { get; private set; } = "";

    /// <summary>bridge, vlan, veth...; empty for a physical device.</summary>
    internal string Kind { get; private set; } = "";

    /// <summary>The kind's own attributes, as dumped.</summary>
    internal byte[] InfoData { get; private set; } = [];

    /// <summary>The kind of what it is a port of; empty if it is none.</summary>
    internal string PortKind { get; private set; } = "";

    /// <summary>The port's own attributes, as dumped.</summary>
    internal byte[] PortData { get; private set; } = [];

    /// <summary>The hardware address.</summary>
    internal byte[] Address { get; private set; } = [];

    internal uint Mtu { get; private set; }

    internal uint TransmitQueueLength { get; private set; }

    internal uint Group { get; private set; }

    /// <summary>IF_OPER_*: 2 is DOWN, 6 UP.</summary>
    internal byte OperationalState { get; private set; }

    internal string Alias { get; private set; } = "";

    internal string Qdisc { get; private set; } = "";

    /// <summary>The index of the bridge, bond or VRF it belongs to, or 0.</summary>
    internal int Master { get; private set; }

    /// <summary>The index of the link below (a VLAN's parent), or of a veth's peer, or 0.</summary>
    internal int Lower { get; private set; }

    /// <summary>The link below is in another namespace: <see cref="Lower"/> is an index of that one.</summary>
    internal bool LowerIsElsewhere { get; private set; }

    internal List<string> AlternativeNames { get; } = [];

    /// <summary>net.ipv4.conf.NAME: the value of IPV4_DEVCONF_n at n-1.</summary>
    internal int[] Inet { get; private set; } = [];

    /// <summary>net.ipv6.conf.NAME: the value of DEVCONF_n at n.</summary>
    internal int[] Inet6 { get; private set; } = [];

    /// <summary>IN6_ADDR_GEN_MODE_*, or null where IPv6 is not on the link.</summary>
    internal byte? AddressGeneration { get; private set; }

    internal bool HasCarrier => (Flags & LinkFlags.LowerUp) != 0;

    /// <summary>All links of a namespace.</summary>
    internal static List<Link> Dump(RouteSocket socket) =>
        [.. socket.Dump(
            RouteMessageType.GetLink,
            RouteHeader.Link,
            attributes: writer => writer.PutUInt32(LinkAttribute.ExtendedMask, LinkAttribute.SkipStatistics))
            .Select(message => new Link(message))];

    private void Take(Netlink.Attribute attribute)
    {
        switch (attribute.Type)
        {
            case LinkAttribute.Address: Address = attribute.Value.ToArray(); break;
            case LinkAttribute.Name: Name = attribute.AsString(); break;
            case LinkAttribute.Mtu: Mtu = attribute.AsUInt32(); break;
            case LinkAttribute.Link: Lower = (int)attribute.AsUInt32(); break;
            case LinkAttribute.Qdisc: Qdisc = attribute.AsString(); break;
            case LinkAttribute.Master: Master = (int)attribute.AsUInt32(); break;
            case LinkAttribute.TransmitQueueLength: TransmitQueueLength = attribute.AsUInt32(); break;
            case LinkAttribute.OperationalState: OperationalState = attribute.AsByte(); break;
            case LinkAttribute.Alias: Alias = attribute.AsString(); break;
            case LinkAttribute.Group: Group = attribute.AsUInt32(); break;
            case LinkAttribute.LinkNamespace: LowerIsElsewhere = true; break;
            case LinkAttribute.LinkInfo: TakeInfo(attribute); break;
            case LinkAttribute.AddressFamilies: TakeFamilies(attribute); break;
            case LinkAttribute.PropertyList: TakeProperties(attribute); break;
            default: break;
        }
    }

    private void TakeInfo(Netlink.Attribute info)
    {
        foreach (Netlink.Attribute attribute in info.Nested)
        {
            switch (attribute.Type)
            {
                case LinkAttribute.InfoKind: Kind = attribute.AsString(); break;
                case LinkAttribute.InfoData: InfoData = attribute.Value.ToArray(); break;
                case LinkAttribute.InfoPortKind: PortKind = attribute.AsString(); break;
                case LinkAttribute.InfoPortData: PortData = attribute.Value.ToArray(); break;
                default: break;
            }
        }
    }

    private void TakeFamilies(Netlink.Attribute families)
    {
        foreach (Netlink.Attribute family in families.Nested)
        {
            foreach (Netlink.Attribute attribute in family.Nested)
            {
                switch (family.Type, attribute.Type)
                {
                    case (LibC.AF_INET, LinkAttribute.InetConf): Inet = Numbers(attribute); break;
                    case (LibC.AF_INET6, LinkAttribute.Inet6Conf): Inet6 = Numbers(attribute); break;
                    case (LibC.AF_INET6, LinkAttribute.Inet6AddressGeneration): AddressGeneration = attribute.AsByte(); break;
                    default: break;
                }
            }
        }
    }

    private void TakeProperties(Netlink.Attribute list)
    {
        foreach (Netlink.Attribute attribute in list.Nested)
        {
            if (attribute.Type == LinkAttribute.AlternativeName)
            {
                AlternativeNames.Add(attribute.AsString());
            }
        }
    }

    private static int[] Numbers(Netlink.Attribute attribute) => MemoryMarshal.Cast<byte, int>(attribute.Value).ToArray();
}
