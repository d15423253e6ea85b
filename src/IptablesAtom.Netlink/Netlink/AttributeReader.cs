using System.Buffers.Binary;
using System.Text;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>
/// Walks the attributes of a message or nest without copying: <c>foreach (Attribute a in new AttributeReader(bytes))</c>.
/// </summary>
/// <remarks>Each length is checked against what is left; an unpadded last attribute is accepted, as the kernel sends them.</remarks>
internal readonly ref struct AttributeReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>The first attribute of a type.</summary>
    internal bool TryFind(int type, out Attribute attribute)
    {
        foreach (Attribute candidate in this)
        {
            if (candidate.Type == type)
            {
                attribute = candidate;
                return true;
            }
        }

        attribute = default;
        return false;
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public Attribute Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.Length < 4)
            {
                return _rest.Length == 0 ? false : throw new WireFormatException("attributes", "a header of 4 bytes", _rest.Length);
            }

            int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
            if (length < 4 || length > _rest.Length)
            {
                throw new WireFormatException("attribute length", $"4 to {_rest.Length}", length);
            }

            Current = new Attribute(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]), _rest[4..length]);
            _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
            return true;
        }
    }
}

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
