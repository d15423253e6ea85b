using System.Buffers.Binary;

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
