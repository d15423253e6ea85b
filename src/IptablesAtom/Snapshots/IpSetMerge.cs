using IptablesAtom.Model;

namespace IptablesAtom.Snapshots;

/// <summary>The three-way merge of one ipset: staged, live, and what this tool put in last.</summary>
/// <remarks>
/// Made for a million entries: sorted arrays of identities are walked side by side, and what differs is mostly little. Only sets with times or
/// counters are compared entry by entry, because live's bytes are kept where nothing changed.
/// </remarks>
internal sealed class IpSetMerge
{
    private readonly IpSet _staged;
    private readonly IpSet _live;
    private readonly HashSet<ulong> _others; // live's identities that stay though they are not staged
    private readonly HashSet<ulong> _removed; // staged identities that others took away from live

    private IpSetMerge(IpSet staged, IpSet live, ulong[]? ours, IpSet? seed)
    {
        (_staged, _live) = (staged, live);
        ulong[] stagedKeys = IpSetEntries.Identities(staged);
        ulong[] liveKeys = IpSetEntries.Identities(live);
        ulong[] seedKeys = seed is not null && IsSameKind(seed, staged) ? IpSetEntries.Identities(seed) : [];
        ulong[] fromSeed = Sorted.Both(stagedKeys, seedKeys);
        _others = ours is null ? [] : [.. Sorted.Without(Sorted.Without(Sorted.Without(liveKeys, stagedKeys), ours), fromSeed.Length > 0 ? seedKeys : [])];
        _removed = [.. Sorted.Without(fromSeed, liveKeys)];
        if (_removed.Count > 0)
        {
            // What the script changed is its own again.
            HashSet<ulong> seeded = [.. Contents(seed!)];
            foreach (IpSetEntry entry in IpSetEntries.Of(staged))
            {
                if (!seeded.Contains((ulong)entry.ContentHash))
                {
                    _removed.Remove(entry.Identity);
                }
            }
        }
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
        return staged.TypeName == "list:set" ? merge.List()
            : IpSetFitting.HasState(staged) || IpSetFitting.HasState(live) ? merge.EntriesWithState()
            : merge.Entries();
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

        HashSet<ulong> left = [.. Contents(result)];
        int found = 0;
        double latest = elapsed.TotalSeconds + 2; // the kernel rounds down what it tells
        foreach (IpSetEntry entry in IpSetEntries.Of(seed))
        {
            if (left.Contains((ulong)entry.ContentHash))
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

    /// <summary>Keys and values, in the kernel's order; half of the hash is enough among the entries of two sets.</summary>
    private static ulong[] Contents(IpSet set)
    {
        ulong[] contents = new ulong[set.Count];
        int count = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(set))
        {
            contents[count++] = (ulong)entry.ContentHash;
        }

        return contents;
    }

    /// <summary>Entries without state: the staged bytes do for what is in both.</summary>
    private IpSet Entries()
    {
        if (_others.Count == 0 && _removed.Count == 0)
        {
            return _staged;
        }

        IpSetBuilder result = IpSetBuilder.Like(_staged);
        if (_removed.Count == 0)
        {
            foreach (byte[] nest in _staged.Entries)
            {
                result.AddNest(nest);
            }
        }
        else
        {
            foreach (IpSetEntry entry in IpSetEntries.Of(_staged))
            {
                if (!_removed.Contains(entry.Identity))
                {
                    result.Add(entry);
                }
            }
        }

        if (_others.Count > 0)
        {
            using IpSetFitting fitting = new(_staged, _live);
            foreach (IpSetEntry entry in IpSetEntries.Of(_live))
            {
                if (_others.Contains(entry.Identity))
                {
                    result.Add(fitting.Fit(entry));
                }
            }
        }

        return result.Build();
    }

    /// <summary>Entries with times or counters: what is equal comes from live, the rest as staged.</summary>
    private IpSet EntriesWithState()
    {
        ulong[] stagedContents = Contents(_staged);
        ulong[] liveContents = Contents(_live);
        HashSet<ulong> unchanged = [.. stagedContents];
        unchanged.IntersectWith(liveContents);

        IpSetBuilder result = IpSetBuilder.Like(_staged);
        using IpSetFitting fitting = new(_staged, _live);
        int position = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(_live))
        {
            if (unchanged.Contains(liveContents[position++]) || (_others.Count > 0 && _others.Contains(entry.Identity)))
            {
                result.Add(fitting.Fit(entry));
            }
        }

        position = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(_staged))
        {
            if (!unchanged.Contains(stagedContents[position++]) && !(_removed.Count > 0 && _removed.Contains(entry.Identity)))
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
            if (!_removed.Contains(identity))
            {
                members.Add((identity, entry.Whole.ToArray()));
            }
        }

        using IpSetFitting fitting = new(_staged, _live);
        HashSet<ulong> unchanged = [.. Contents(_staged)];
        int place = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(_live))
        {
            ulong identity = entry.Identity;
            byte[] bytes = fitting.Fit(entry).Whole.ToArray();
            if (_others.Contains(identity))
            {
                members.Insert(place++, (identity, bytes));
            }
            else if (members.FindIndex(member => member.Identity == identity) is var at and >= 0)
            {
                place = at + 1;
                members[at] = unchanged.Contains((ulong)entry.ContentHash) ? (identity, bytes) : members[at];
            }
        }

        IpSetBuilder result = IpSetBuilder.Like(_staged);
        foreach ((_, byte[] bytes) in members)
        {
            result.Add(new IpSetEntry(bytes, isMacValue: false));
        }

        return result.Build();
    }
}
