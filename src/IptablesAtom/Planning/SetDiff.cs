using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>An ipset that differs.</summary>
public sealed record SetDiff
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the set itself is new or goes.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The type as it shall be, or was; for example <c>hash:ip</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>True if a set that stays gets another type or other options.</summary>
    public required bool HeaderDiffers { get; init; }

    /// <summary>Entries that are new or have another value, as <c>ipset save</c> writes them.</summary>
    public required IReadOnlyList<string> Added { get; init; }

    /// <summary>Entries that go or have another value.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    internal static SetDiff Of(SetChange change)
    {
        Dictionary<ulong, UInt128> live = Contents(change.Live);
        Dictionary<ulong, UInt128> desired = Contents(change.Desired);
        return new SetDiff
        {
            Name = change.Name,
            Kind = change.Live is null ? ChangeKind.Add : change.Desired is null ? ChangeKind.Remove : ChangeKind.Keep,
            TypeName = (change.Desired ?? change.Live)!.TypeName,
            HeaderDiffers = change.Live is not null && change.Desired is not null && change.Live.HeaderHash != change.Desired.HeaderHash,
            Added = Texts(change.Desired, live),
            Removed = Texts(change.Live, desired),
        };
    }

    private static Dictionary<ulong, UInt128> Contents(IpSet? set)
    {
        Dictionary<ulong, UInt128> contents = new(set?.Count ?? 0);
        if (set is not null)
        {
            foreach (IpSetEntry entry in IpSetEntries.Of(set))
            {
                contents[entry.Identity] = entry.ContentHash;
            }
        }

        return contents;
    }

    private static List<string> Texts(IpSet? set, Dictionary<ulong, UInt128> others)
    {
        List<string> texts = [];
        if (set is not null)
        {
            foreach (IpSetEntry entry in IpSetEntries.Of(set))
            {
                if (!others.TryGetValue(entry.Identity, out UInt128 content) || content != entry.ContentHash)
                {
                    texts.Add(SetEntryText.Of(set.TypeName, entry));
                }
            }

            // The kernel's order changes from run to run; a list's order is its meaning.
            if (set.TypeName != "list:set")
            {
                texts.Sort(StringComparer.Ordinal);
            }
        }

        return texts;
    }
}
