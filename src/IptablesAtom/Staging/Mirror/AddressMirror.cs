using System.Buffers.Binary;
using System.Net;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Puts live's addresses on the links of staging.</summary>
/// <remarks>
/// The kernel puts a new IPv6 address before the others of its scope and a new IPv4 address behind them; so IPv6 is replayed backwards and
/// the order is live's, and with it the primary address and the choice of source addresses.
/// </remarks>
internal static class AddressMirror
{
    private const int Address = 1; // IFA_ADDRESS
    private const int Local = 2; // IFA_LOCAL
    private const int Flags = 8; // IFA_FLAGS
    private const uint Tentative = 0x40; // IFA_F_TENTATIVE
    private const uint DuplicateFound = 0x08; // IFA_F_DADFAILED

    /// <summary>IFA_ADDRESS, LOCAL, LABEL, BROADCAST, CACHEINFO, RT_PRIORITY, PROTO: what is sent as it was dumped.</summary>
    private static readonly int[] Copied = [1, 2, 3, 4, 6, 9, 11];

    internal static void Copy(MirrorContext context, IReadOnlyList<RouteMessage> addresses)
    {
        foreach (RouteMessage address in addresses.Where(message => message.Family == LibC.AF_INET))
        {
            Add(context, address);
        }

        foreach (RouteMessage address in addresses.Where(message => message.Family == LibC.AF_INET6).Reverse())
        {
            Add(context, address);
        }

        context.Finish();
    }

    /// <summary>"192.0.2.1/24".</summary>
    internal static string Text(RouteMessage address)
    {
        AttributeReader attributes = address.Attributes;
        return attributes.TryFind(Local, out Netlink.Netlink.Attribute value) || attributes.TryFind(Address, out value)
            ? $"{new IPAddress(value.Value)}/{address.Header[1]}"
            : "an address";
    }

    /// <summary>ifaddrmsg { u8 family, prefix length, flags, scope; u32 index }: the index of the link.</summary>
    internal static int LinkIndex(RouteMessage address) => BinaryPrimitives.ReadInt32LittleEndian(address.Header[4..]);

    private static void Add(MirrorContext context, RouteMessage address)
    {
        if (!context.Has(LinkIndex(address)))
        {
            return;
        }

        MessageWriter writer = context.Staging.Begin(RouteMessageType.NewAddress, NetlinkFlags.Create | NetlinkFlags.Excl);
        Span<byte> header = stackalloc byte[RouteHeader.Address];
        address.Header.CopyTo(header);
        header[2] = 0; // the eight flags of old; IFA_FLAGS has all
        BitConverter.TryWriteBytes(header[4..], context[LinkIndex(address)]);
        writer.PutRaw(header);
        foreach (Netlink.Netlink.Attribute attribute in address.Attributes)
        {
            if (attribute.Type == Flags)
            {
                writer.PutUInt32(Flags, attribute.AsUInt32() & ~(Tentative | DuplicateFound));
            }
            else if (Copied.Contains(attribute.Type))
            {
                writer.PutBytes(attribute.RawType, attribute.Value);
            }
        }

        context.Staging.End($"the address {Text(address)}");
    }
}
