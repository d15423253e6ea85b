using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>Where a legacy rule holds indexes of ipsets: in each match <c>set</c> and in the target <c>SET</c> (linux/netfilter/xt_set.h).</summary>
internal static class LegacySets
{
    private const ushort NoSet = 65535; // IPSET_INVALID_ID

    /// <summary>The references of an entry. A revision that is not known is refused: its indexes would name other sets elsewhere.</summary>
    internal static IReadOnlyList<SetReference> Find(XtablesLayout layout, ReadOnlySpan<byte> entry, int targetOffset, Func<ushort, string> setName)
    {
        List<SetReference>? found = null;
        for (int at = layout.EntrySize; at < targetOffset;)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(entry[at..]);
            if (size < XtablesLayout.ExtensionHeader || at + size > targetOffset)
            {
                throw new WireFormatException("a match of a legacy rule", $"at most {targetOffset - at} bytes", size);
            }

            if (entry[(at + 2)..].StartsWith("set\0"u8))
            {
                Require("match \"set\"", entry[at + 31], 4);
                Add(entry, at + XtablesLayout.ExtensionHeader);
            }

            at += size;
        }

        if (entry[(targetOffset + 2)..].StartsWith("SET\0"u8))
        {
            byte revision = entry[targetOffset + 31];
            Require("target \"SET\"", revision, 3);
            int payload = targetOffset + XtablesLayout.ExtensionHeader;
            Add(entry, payload); // add_set
            Add(entry, payload + (revision == 0 ? 32 : 4)); // del_set
            if (revision == 3)
            {
                Add(entry, payload + 8); // map_set
            }
        }

        return found is null ? [] : found;

        void Add(ReadOnlySpan<byte> entry, int offset)
        {
            ushort index = BinaryPrimitives.ReadUInt16LittleEndian(entry[offset..]);
            if (index != NoSet)
            {
                (found ??= []).Add(new SetReference(offset, setName(index)));
            }
        }
    }

    /// <summary>The rule with its sets' indexes of one namespace in its bytes, and no names to look up any more.</summary>
    internal static Rule Bind(Rule rule, Func<string, ushort> setIndex)
    {
        if (rule.Sets.Count == 0)
        {
            return rule;
        }

        byte[] raw = [.. rule.Raw];
        Write(rule, raw, setIndex);
        return rule.WithRaw(raw);
    }

    /// <summary>The table with its rules bound to one namespace's sets.</summary>
    internal static Table Bind(Table table, Func<string, ushort> setIndex) =>
        table.With([.. table.Chains.Select(chain => chain.With([.. chain.Rules.Select(rule => Bind(rule, setIndex))]))]);

    /// <summary>The table bound to the indexes that its bytes hold already: for the namespace that it was read from.</summary>
    internal static Table BindAsRead(Table table) =>
        table.With([.. table.Chains.Select(chain => chain.With([.. chain.Rules.Select(rule => rule.Sets.Count == 0 ? rule : rule.WithRaw(rule.Raw))]))]);

    /// <summary>True if a rule, as read from a namespace, looks at another set than the one it shall look at.</summary>
    internal static bool LooksElsewhere(Rule rule, Func<string, ushort> setIndex) => rule.Sets.Any(reference =>
        BinaryPrimitives.ReadUInt16LittleEndian(rule.Raw.AsSpan(reference.Offset)) != setIndex(reference.Name));

    /// <summary>Writes the indexes into a copy of the rule's bytes.</summary>
    internal static void Write(Rule rule, Span<byte> raw, Func<string, ushort> setIndex)
    {
        foreach (SetReference reference in rule.Sets)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(raw[reference.Offset..], setIndex(reference.Name));
        }
    }

    private static void Require(string what, byte revision, byte highest)
    {
        if (revision > highest)
        {
            throw new WireFormatException($"a legacy rule's {what}", $"at most revision {highest}", revision);
        }
    }
}
