using System.Buffers.Binary;
using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>Walks the entries of a legacy table, every length checked.</summary>
internal ref struct XtablesWalk
{
    private readonly XtablesLayout _layout;
    private readonly Span<byte> _entries;
    private int _next;

    internal XtablesWalk(XtablesLayout layout, Span<byte> entries)
    {
        _layout = layout;
        _entries = entries;
    }

    /// <summary>The entry's offset in the table.</summary>
    internal int Offset { get; private set; }

    /// <summary>The whole entry.</summary>
    internal Span<byte> Entry { get; private set; }

    /// <summary>Offset of the target in the entry.</summary>
    internal int TargetOffset { get; private set; }

    /// <summary>Header and payload of the target.</summary>
    internal readonly Span<byte> Target => Entry[TargetOffset..];

    /// <summary>True for xt_standard_target: a verdict, a jump, or nothing.</summary>
    internal readonly bool IsStandard => Target[2] == 0;

    /// <summary>True for xt_error_target: the head of a user chain, or the table's last entry.</summary>
    internal readonly bool IsError => Target[2..].StartsWith("ERROR\0"u8);

    /// <summary>The verdict of a standard target.</summary>
    internal readonly int Verdict => BinaryPrimitives.ReadInt32LittleEndian(Target[XtablesLayout.ExtensionHeader..]);

    internal readonly XtablesCounter Counter =>
        MemoryMarshal.Read<XtablesCounter>(Entry.Slice(_layout.CountersAt, 16));

    /// <summary>Goes to the next entry; false at the end.</summary>
    internal bool Next()
    {
        if (_next == _entries.Length)
        {
            return false;
        }

        Span<byte> rest = _entries[_next..];
        if (rest.Length < _layout.EntrySize + XtablesLayout.ExtensionHeader)
        {
            throw new WireFormatException("a legacy table", "a whole entry at its end", rest.Length);
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(rest[_layout.NextOffsetAt..]);
        int target = BinaryPrimitives.ReadUInt16LittleEndian(rest[_layout.TargetOffsetAt..]);
        if (size > rest.Length || target < _layout.EntrySize || target + XtablesLayout.ExtensionHeader > size)
        {
            throw new WireFormatException("an entry of a legacy table", $"a target at {_layout.EntrySize} or later and a size of at most {rest.Length}", size);
        }

        if (rest[target + 2] == 0 && size < target + XtablesLayout.StandardTarget)
        {
            throw new WireFormatException("a standard target of a legacy table", "40 bytes", size - target);
        }

        Offset = _next;
        Entry = rest[..size];
        TargetOffset = target;
        _next += size;
        return true;
    }

    /// <summary>True if the entry behind this one is the head of a user chain or the table's last.</summary>
    internal readonly bool IsBeforeError()
    {
        XtablesWalk ahead = this;
        return ahead.Next() && ahead.IsError;
    }
}
