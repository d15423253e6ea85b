using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>The merge of all ipsets: per entry, what the script made and what others put into live.</summary>
internal sealed class SetsMerge
{
    private readonly MergeContext _context;
    private readonly PlanInput _input;
    private readonly bool _survivors;
    private readonly Dictionary<string, IpSet> _merged = new(StringComparer.Ordinal);

    internal SetsMerge(MergeContext context)
    {
        _context = context;
        _input = context.Input;
        _survivors = _input.Seed.Sets.Any(seed => _input.Staged.FindSet(seed.Name) is { } staged && IsUntouched(seed, staged));
    }

    /// <summary>The sets as they shall be; those that stay are live's own objects.</summary>
    /// <param name="tables">All tables as they shall be: what their rules name has to be there.</param>
    internal IReadOnlyDictionary<string, IpSet> Merge(IEnumerable<Table> tables)
    {
        foreach (string name in _input.Live.Sets.Concat(_input.Staged.Sets).Select(set => set.Name).Distinct())
        {
            if (Merge(name, _input.Seed.FindSet(name), _input.Staged.FindSet(name), _input.Live.FindSet(name)) is { } set)
            {
                _merged[name] = set;
            }
        }

        KeepReferenced(tables);
        return _merged;
    }

    /// <summary>What differs from live, members before the lists that hold them.</summary>
    internal IReadOnlyList<SetChange> Changes()
    {
        IEnumerable<string> names = _input.Live.Sets.Select(set => set.Name).Union(_merged.Keys);
        IEnumerable<SetChange> changes =
            from name in names
            let live = _input.Live.FindSet(name)
            let desired = _merged.GetValueOrDefault(name)
            where !ReferenceEquals(live, desired)
            select new SetChange(name, live, desired);
        return [.. changes.OrderBy(change => (change.Desired ?? change.Live)!.TypeName == "list:set").ThenBy(change => change.Name, StringComparer.Ordinal)];
    }

    /// <summary>What the base remembers of the sets.</summary>
    internal Dictionary<string, IReadOnlyList<BaseSet>> NextBase()
    {
        Dictionary<string, IReadOnlyList<BaseSet>> result = [];
        foreach ((string name, IpSet desired) in _merged)
        {
            IReadOnlyList<BaseSet> known = _input.Base.Sets.GetValueOrDefault(name) ?? [];
            IpSet? staged = _input.Staged.FindSet(name);
            IpSet? seed = _input.Seed.FindSet(name);
            ulong[] made = staged is null || (seed is not null && seed.ContentHash == staged.ContentHash)
                ? []
                : Except(IpSetEntries.Identities(staged), seed is null ? [] : IpSetEntries.Identities(seed));
            if (known.Count == 0 && made.Length == 0 && (staged is null || seed is not null))
            {
                continue;
            }

            ulong[] all = IpSetEntries.Identities(desired);
            List<BaseSet> owned = [];
            bool wasCreated = false;
            foreach (BaseSet part in known)
            {
                if (part.Owner == _context.KnownAs)
                {
                    wasCreated = part.Created;
                    made = _context.OursLeftOut && staged is not null ? made : Union(made, part.Entries);
                }
                else if (part.Created || Intersect(part.Entries, all).Length > 0)
                {
                    owned.Add(new BaseSet(_context.Owner(part.Owner), part.Created, Intersect(part.Entries, all)));
                }
            }

            bool isCreated = wasCreated || (staged is not null && seed is null && _input.Live.FindSet(name) is null);
            ulong[] entries = Intersect(made, all);
            if (isCreated || entries.Length > 0)
            {
                owned.Add(new BaseSet(_context.Current, isCreated, entries));
            }

            if (owned.Count > 0)
            {
                result[name] = owned;
            }
        }

        return result;
    }

    private IpSet? Merge(string name, IpSet? seed, IpSet? staged, IpSet? live)
    {
        IReadOnlyList<BaseSet> known = _input.Base.Sets.GetValueOrDefault(name) ?? [];
        BaseSet? current = known.FirstOrDefault(part => part.Owner == _context.KnownAs);
        bool isForeign = !_input.Options.Replace && !known.Any(part => part.Created)
            && (_context.AllForeign || _context.Names.OfSet(name) is not null);
        if (staged is null)
        {
            bool isGone = seed is null
                ? _context.OursLeftOut && current is { Created: true }
                : !isForeign || _survivors;
            return isGone ? null : live;
        }

        if (seed is not null && IsUntouched(seed, staged) && !(_context.OursLeftOut && current is not null))
        {
            return live;
        }

        bool seeded = _input.SeedKind != SeedKind.Empty;
        ulong[]? ours = _input.Options.Replace ? null
            : !isForeign && known.Count == 0 ? (seeded ? (seed is null ? [] : IpSetEntries.Identities(seed)) : null)
            : [.. known.Where(part => seed is not null || !seeded || part == current || _input.Emptied.Has(name)).SelectMany(part => part.Entries).Order()];
        IpSet merged = IpSetMerge.Merge(staged, live, ours, seed);
        return live is not null && merged.ContentHash == live.ContentHash ? live : merged;
    }

    private bool IsUntouched(IpSet seed, IpSet staged) => IpSetMerge.IsUntouched(seed, staged, _input.Elapsed);

    /// <summary>A set that a rule or a list still names stays.</summary>
    private void KeepReferenced(IEnumerable<Table> tables)
    {
        HashSet<string> named =
        [
            .. from table in tables from chain in table.Chains from rule in chain.Rules from set in rule.Sets select set.Name,
        ];
        Queue<string> open = new(named.Concat(_merged.Values.SelectMany(set => set.Members)).ToList());
        while (open.TryDequeue(out string? name))
        {
            if (!_merged.ContainsKey(name) && (_input.Live.FindSet(name) ?? _input.Staged.FindSet(name)) is { } set)
            {
                _merged[name] = set;
                foreach (string member in set.Members)
                {
                    open.Enqueue(member);
                }
            }
        }
    }

    private static ulong[] Except(ulong[] all, ulong[] without) => [.. all.Where(entry => Array.BinarySearch(without, entry) < 0)];

    private static ulong[] Intersect(ulong[] some, ulong[] all) => [.. some.Where(entry => Array.BinarySearch(all, entry) >= 0)];

    private static ulong[] Union(ulong[] left, ulong[] right) => [.. left.Union(right).Order()];
}
