using System.Buffers.Binary;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>One received message: header fields and payload, without copying.</summary>
internal readonly ref struct Message(ReadOnlySpan<byte> whole)
{
    /// <summary>The message with its header, as received.</summary>
    internal ReadOnlySpan<byte> Whole { get; } = whole;

    internal ushort Type => BinaryPrimitives.ReadUInt16LittleEndian(Whole[4..]);

    internal NetlinkFlags Flags => (NetlinkFlags)BinaryPrimitives.ReadUInt16LittleEndian(Whole[6..]);

    internal uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(Whole[8..]);

    internal uint PortId => BinaryPrimitives.ReadUInt32LittleEndian(Whole[12..]);

    /// <summary>Everything behind nlmsghdr.</summary>
    internal ReadOnlySpan<byte> Payload => Whole[16..];

    /// <summary>nfnetlink: the family in nfgenmsg.</summary>
    internal byte Family => Whole[16];

    /// <summary>nfnetlink: the attributes behind nfgenmsg.</summary>
    internal ReadOnlySpan<byte> NetfilterAttributes => Whole[20..];

    /// <summary>An error answer's number; 0 is an acknowledgement.</summary>
    internal int Error => -BinaryPrimitives.ReadInt32LittleEndian(Whole[16..]);

    /// <summary>An error answer's text from the extended acknowledgement, if the kernel gave one.</summary>
    internal string? ErrorText
    {
        get
        {
            if ((Flags & NetlinkFlags.AckTlvs) == 0)
            {
                return null;
            }

            // The original header follows the error; the whole message too, unless it was capped.
            int original = BinaryPrimitives.ReadInt32LittleEndian(Whole[20..]);
            int start = 20 + ((Flags & NetlinkFlags.Capped) != 0 ? 16 : (original + 3) & ~3);
            return start <= Whole.Length && new AttributeReader(Whole[start..]).TryFind(1, out Attribute text) ? text.AsString() : null;
        }
    }
}
