using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Makes entries of our own.</summary>
internal static class LegacyEntry
{
    /// <summary>Fills in the sizes of an entry whose bytes are 0 and gives its target.</summary>
    internal static Span<byte> Write(XtablesLayout layout, Span<byte> entry, int targetOffset)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(entry[layout.TargetOffsetAt..], (ushort)targetOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[layout.NextOffsetAt..], (ushort)entry.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[targetOffset..], (ushort)(entry.Length - targetOffset));
        return entry[targetOffset..];
    }

    /// <summary>A rule that matches everything and jumps to a chain.</summary>
    internal static Rule Jump(XtablesLayout layout, string chain)
    {
        byte[] raw = new byte[layout.EntrySize + XtablesLayout.StandardTarget];
        Write(layout, raw, layout.EntrySize);
        return new Rule { Raw = raw, Key = LegacyDecoder.KeyOf(raw, chain, []), Jump = chain };
    }

    /// <summary>A rule with one match that goes to a chain for good.</summary>
    internal static Rule Goto(XtablesLayout layout, ReadOnlySpan<byte> match, byte revision, ReadOnlySpan<byte> payload, string chain)
    {
        int size = XtablesLayout.ExtensionHeader + payload.Length;
        byte[] raw = new byte[layout.EntrySize + size + XtablesLayout.StandardTarget];
        Write(layout, raw, layout.EntrySize + size);
        raw[layout.FlagsAt] = layout.GotoFlag;
        Span<byte> header = raw.AsSpan(layout.EntrySize);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)size);
        match.CopyTo(header[2..]);
        header[31] = revision;
        payload.CopyTo(header[XtablesLayout.ExtensionHeader..]);
        return new Rule { Raw = raw, Key = LegacyDecoder.KeyOf(raw, chain, []), Jump = chain, IsGoto = true };
    }

    /// <summary>A rule that matches everything and ends in a verdict.</summary>
    internal static Rule Verdict(XtablesLayout layout, int verdict)
    {
        byte[] raw = new byte[layout.EntrySize + XtablesLayout.StandardTarget];
        BinaryPrimitives.WriteInt32LittleEndian(Write(layout, raw, layout.EntrySize)[XtablesLayout.ExtensionHeader..], verdict);
        return new Rule { Raw = raw, Key = LegacyDecoder.KeyOf(raw, null, []) };
    }

    /// <summary>True for what <see cref="Verdict"/> makes of DROP.</summary>
    internal static bool IsDrop(XtablesLayout layout, Rule rule) =>
        BinaryPrimitives.ReadInt32LittleEndian(rule.Raw.AsSpan(layout.EntrySize + XtablesLayout.ExtensionHeader)) == XtablesVerdict.Drop;
}
