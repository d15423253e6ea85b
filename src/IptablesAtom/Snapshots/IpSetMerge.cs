using IptablesAtom.Model;

namespace IptablesAtom.Snapshots;

/// <summary>The three-way merge of one ipset: staged, live, and what this tool put in last.</summary>
internal sealed class IpSetMerge
{
    private readonly IpSet _staged;
    private readonly IpSet _live;
    private readonly ulong[]? _ours;
    private readonly Dictionary<ulong, UInt128> _stagedEntries;
    private readonly HashSet<ulong> _liveEntries;
    private readonly Dictionary<ulong, UInt128> _seedEntries;
    private readonly bool _wasEmptied;

    private IpSetMerge(IpSet staged, IpSet live, ulong[]? ours, IpSet? seed)
    {
        (_staged, _live, _ours) = (staged, live, ours);
        _stagedEntries = ByIdentity(staged);
        _liveEntries = [.. IpSetEntries.Identities(live)];
        _seedEntries = seed is not null && IsSameKind(seed, staged) ? ByIdentity(seed) : [];
        _wasEmptied = !_seedEntries.Keys.Any(_stagedEntries.ContainsKey);
    }

    /// <summary>
    /// What the set shall be: the staged entries and those that others put into live; entries that do not change keep their time left and
    /// counters. The header is the staged one.
    /// </summary>
    /// <param name="staged">As the script left it.</param>
    /// <param name="live">As it is now; null if it is not there.</param>
    /// <param name="ours">
    /// Identities of the entries that this tool put in last, sorted: what live has beside them is others'. Empty: all of live is others'. Null:
    /// nothing is.
    /// </param>
    /// <param name="seed">
    /// The copy of live that staging started with, if it did. What the script removed of it stays removed, also if it was others' (unless the
    /// script emptied the set), and what others removed from live since does not come back.
    /// </param>
    internal static IpSet Merge(IpSet staged, IpSet? live, ulong[]? ours, IpSet? seed = null)
    {
        if (live is null || !IsSameKind(live, staged))
        {
            return staged;
        }

        if (live.ContentHash == staged.ContentHash)
        {
            return live;
        }

        IpSetMerge merge = new(staged, live, ours, seed);
        return staged.TypeName == "list:set" ? merge.List() : merge.Entries();
    }

    /// <summary>
    /// True if a set is what it was seeded as, but for entries whose time ran out meanwhile.
    /// </summary>
    /// <param name="seed">As read when staging began.</param>
    /// <param name="result">As read when the script had ended.</param>
    /// <param name="elapsed">The time between.</param>
    internal static bool IsUntouched(IpSet seed, IpSet result, TimeSpan elapsed)
    {
        if (seed.ContentHash == result.ContentHash)
        {
            return true;
        }

        if (!seed.HasTimeout || seed.HeaderHash != result.HeaderHash || result.Count >= seed.Count)
        {
            return false;
        }

        Dictionary<ulong, UInt128> left = ByIdentity(result);
        int found = 0;
        double latest = elapsed.TotalSeconds + 2; // the kernel rounds down what it tells
        foreach (IpSetEntry entry in IpSetEntries.Of(seed))
        {
            if (left.TryGetValue(entry.Identity, out UInt128 content) && content == entry.ContentHash)
            {
                found++;
            }
            else if (entry.TimeLeft is null or 0 || entry.TimeLeft > latest)
            {
                return false;
            }
        }

        return found == result.Count;
    }

    private static bool IsSameKind(IpSet one, IpSet two) => one.TypeName == two.TypeName && one.Family == two.Family;

    private static Dictionary<ulong, UInt128> ByIdentity(IpSet set)
    {
        Dictionary<ulong, UInt128> entries = new(set.Count);
        foreach (IpSetEntry entry in IpSetEntries.Of(set))
        {
            entries[entry.Identity] = entry.ContentHash;
        }

        return entries;
    }

    private IpSet Entries()
    {
        IpSetBuilder result = IpSetBuilder.Like(_staged);
        using IpSetFitting fitting = new(_staged);
        HashSet<ulong> kept = [];
        foreach (IpSetEntry entry in IpSetEntries.Of(_live))
        {
            ulong identity = entry.Identity;
            if (IsUnchanged(entry, identity) || IsOthers(identity))
            {
                result.Add(fitting.Fit(entry));
                kept.Add(identity);
            }
        }

        foreach (IpSetEntry entry in IpSetEntries.Of(_staged))
        {
            ulong identity = entry.Identity;
            if (!kept.Contains(identity) && !WasRemovedByOthers(entry, identity))
            {
                result.Add(entry);
            }
        }

        return result.Build();
    }

    /// <summary>The staged members in their order; each one of others' behind the nearest member before it that is still there.</summary>
    private IpSet List()
    {
        List<(ulong Identity, byte[] Bytes)> members = [];
        foreach (IpSetEntry entry in IpSetEntries.Of(_staged))
        {
            ulong identity = entry.Identity;
            if (!WasRemovedByOthers(entry, identity))
            {
                members.Add((identity, entry.Whole.ToArray()));
            }
        }

        using IpSetFitting fitting = new(_staged);
        int place = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(_live))
        {
            ulong identity = entry.Identity;
            byte[] bytes = fitting.Fit(entry).Whole.ToArray();
            if (IsOthers(identity))
            {
                members.Insert(place++, (identity, bytes));
            }
            else if (members.FindIndex(member => member.Identity == identity) is var at and >= 0)
            {
                place = at + 1;
                members[at] = IsUnchanged(entry, identity) ? (identity, bytes) : members[at];
            }
        }

        IpSetBuilder result = IpSetBuilder.Like(_staged);
        foreach ((_, byte[] bytes) in members)
        {
            result.Add(new IpSetEntry(bytes, isMacValue: false));
        }

        return result.Build();
    }

    private bool IsUnchanged(IpSetEntry entry, ulong identity) =>
        _stagedEntries.TryGetValue(identity, out UInt128 content) && content == entry.ContentHash;

    private bool IsOthers(ulong identity) =>
        _ours is not null && !_stagedEntries.ContainsKey(identity) && Array.BinarySearch(_ours, identity) < 0
        && (_wasEmptied || !_seedEntries.ContainsKey(identity));

    private bool WasRemovedByOthers(IpSetEntry entry, ulong identity) =>
        !_liveEntries.Contains(identity)
        && _seedEntries.TryGetValue(identity, out UInt128 content) && content == entry.ContentHash;
}
