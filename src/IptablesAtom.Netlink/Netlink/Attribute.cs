using System.Buffers.Binary;
using System.Text;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>One attribute: its type and value.</summary>
internal readonly ref struct Attribute(ushort rawType, ReadOnlySpan<byte> value)
{
    /// <summary>The type with its flag bits NESTED 0x8000 and NET_BYTEORDER 0x4000.</summary>
    internal ushort RawType { get; } = rawType;

    /// <summary>The type's number.</summary>
    internal int Type => RawType & 0x3fff;

    /// <summary>The value, without padding.</summary>
    internal ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The value's attributes, when it is a nest.</summary>
    internal AttributeReader Nested => new(Value);

    internal byte AsByte() => Sized(1)[0];

    internal ushort AsUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Sized(2));

    internal ushort AsUInt16Be() => BinaryPrimitives.ReadUInt16BigEndian(Sized(2));

    internal uint AsUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Sized(4));

    internal uint AsUInt32Be() => BinaryPrimitives.ReadUInt32BigEndian(Sized(4));

    internal ulong AsUInt64Be() => BinaryPrimitives.ReadUInt64BigEndian(Sized(8));

    /// <summary>A string up to its NUL. Latin-1: names are bytes to the kernel, and every byte survives the way back.</summary>
    internal string AsString()
    {
        int end = Value.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? Value : Value[..end]);
    }

    private ReadOnlySpan<byte> Sized(int size) =>
        Value.Length == size ? Value : throw new WireFormatException($"attribute {Type}", $"{size} bytes", Value.Length);
}
