using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>
/// Writes netlink messages and their attributes, one after the other, into one growing pooled buffer: a whole batch is one writer.
/// </summary>
/// <remarks>
/// A nest is the C# block: <c>using (writer.Nested(attribute)) { ... }</c>; it keeps an offset, not a reference, so it
/// survives growth of the buffer. Byte order is in the method's name (no suffix: the host's). Padding is zeroed.
/// A value or nest over 65,535 bytes throws: its length field has 16 bits. Not thread safe.
/// </remarks>
internal sealed class MessageWriter : IDisposable
{
    private const int HeaderSize = 16;
    private const int MaximumAttribute = ushort.MaxValue;
    private const int LargestPooled = 1 << 20; // the pool would keep a large one for good
    private byte[] _buffer;
    private int _length;
    private int _messageStart = -1;

    internal MessageWriter(int capacity = 4096) => _buffer = Rent(capacity);

    /// <summary>What was written so far; valid until the next write.</summary>
    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Bytes written so far.</summary>
    internal int Length => _length;

    /// <summary>Forgets everything written.</summary>
    internal void Clear()
    {
        _length = 0;
        _messageStart = -1;
    }

    /// <summary>Begins a message: nlmsghdr. Ended by <see cref="EndMessage"/>.</summary>
    internal void BeginMessage(ushort type, NetlinkFlags flags, uint sequence)
    {
        _messageStart = _length;
        Span<byte> header = Take(HeaderSize);
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
    }

    /// <summary>Begins an nfnetlink message: nlmsghdr and nfgenmsg { family, version 0, be16 res_id }.</summary>
    internal void BeginNetfilter(int subsystem, int command, byte family, NetlinkFlags flags, uint sequence, ushort resourceId = 0)
    {
        BeginMessage((ushort)((subsystem << 8) | command), flags, sequence);
        Span<byte> header = Take(4);
        header[0] = family;
        header[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], resourceId);
    }

    /// <summary>Ends the message: its length is filled in.</summary>
    internal void EndMessage()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_messageStart), _length - _messageStart);
        _messageStart = -1;
    }

    /// <summary>Overwrites four bytes already written, big endian (the generation id of a batch that is sent again).</summary>
    internal void PatchUInt32Be(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(offset, 4), value);

    /// <summary>Overwrites two bytes already written, host order (a set index inside an xt blob).</summary>
    internal void PatchUInt16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(offset, 2), value);

    /// <summary>Raw bytes that are no attribute (ifinfomsg, rtmsg...), padded to 4.</summary>
    internal void PutRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        Pad();
    }

    internal void PutByte(int attribute, byte value) => PutBytes(attribute, [value]);

    internal void PutUInt16(int attribute, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Value(attribute, 2), value);

    internal void PutUInt16Be(int attribute, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Value(attribute, 2), value);

    internal void PutUInt32(int attribute, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Value(attribute, 4), value);

    internal void PutUInt32Be(int attribute, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Value(attribute, 4), value);

    internal void PutUInt64Be(int attribute, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Value(attribute, 8), value);

    /// <summary>A string with its NUL.</summary>
    internal void PutString(int attribute, string value)
    {
        int bytes = Encoding.Latin1.GetByteCount(value);
        Span<byte> target = Value(attribute, bytes + 1);
        Encoding.Latin1.GetBytes(value, target);
        target[bytes] = 0;
    }

    /// <summary>An attribute without a value.</summary>
    internal void PutFlag(int attribute) => Value(attribute, 0);

    /// <summary>A value as it is (a dumped attribute is sent back byte for byte). Give the type's flag bits with it.</summary>
    internal void PutBytes(int attribute, ReadOnlySpan<byte> value) => value.CopyTo(Value(attribute, value.Length));

    /// <summary>Opens a nest, NLA_F_NESTED (0x8000) set; closed by the <c>using</c> block's end.</summary>
    internal Nest Nested(int attribute)
    {
        int start = _length;
        Span<byte> header = Take(4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)(attribute | 0x8000));
        return new Nest(this, start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
    }

    private static byte[] Rent(int size) => size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);

    private static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Span<byte> Value(int attribute, int size)
    {
        if (size + 4 > MaximumAttribute)
        {
            throw new WireFormatException($"attribute {attribute}", "at most 65,531 bytes", size);
        }

        int padded = (size + 3) & ~3;
        Span<byte> target = Take(4 + padded);
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(size + 4));
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)attribute);
        target[(4 + size)..].Clear();
        return target.Slice(4, size);
    }

    private void Pad()
    {
        int rest = ((_length + 3) & ~3) - _length;
        Take(rest).Clear();
    }

    private Span<byte> Take(int size)
    {
        if (_buffer.Length - _length < size)
        {
            byte[] larger = Rent(Math.Max(_buffer.Length * 2, _length + size));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        Span<byte> taken = _buffer.AsSpan(_length, size);
        _length += size;
        return taken;
    }

    /// <summary>An open nest: its length is filled in at the end of the <c>using</c> block.</summary>
    internal readonly ref struct Nest
    {
        private readonly MessageWriter _writer;
        private readonly int _start;

        internal Nest(MessageWriter writer, int start)
        {
            _writer = writer;
            _start = start;
        }

        public void Dispose()
        {
            int size = _writer._length - _start;
            if (size > MaximumAttribute)
            {
                throw new WireFormatException("nest", "at most 65,535 bytes", size);
            }

            BinaryPrimitives.WriteUInt16LittleEndian(_writer._buffer.AsSpan(_start), (ushort)size);
        }
    }
}
