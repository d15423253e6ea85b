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

    /// <summary>A rule that asks a set (the payload of the match, and its revision) and goes to a chain for good.</summary>
    internal static Rule Goto(XtablesLayout layout, (byte[] Payload, byte Revision) question, string chain)
    {
        byte[] raw = Asking(layout, question);
        raw[layout.FlagsAt] = layout.GotoFlag;
        return new Rule { Raw = raw, Key = LegacyDecoder.KeyOf(raw, chain, []), Jump = chain, IsGoto = true };
    }

    /// <summary>A rule that asks a set and does nothing.</summary>
    internal static Rule Ask(XtablesLayout layout, (byte[] Payload, byte Revision) question)
    {
        byte[] raw = Asking(layout, question);
        return new Rule { Raw = raw, Key = LegacyDecoder.KeyOf(raw, null, []) };
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

    private static byte[] Asking(XtablesLayout layout, (byte[] Payload, byte Revision) question)
    {
        int size = XtablesLayout.ExtensionHeader + question.Payload.Length;
        byte[] raw = new byte[layout.EntrySize + size + XtablesLayout.StandardTarget];
        Write(layout, raw, layout.EntrySize + size);
        Span<byte> match = raw.AsSpan(layout.EntrySize);
        BinaryPrimitives.WriteUInt16LittleEndian(match, (ushort)size);
        "set"u8.CopyTo(match[2..]);
        match[31] = question.Revision;
        question.Payload.CopyTo(match[XtablesLayout.ExtensionHeader..]);
        return raw;
    }
}
