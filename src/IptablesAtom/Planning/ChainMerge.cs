using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>The merge of one chain that is there in staging, in live, or in both.</summary>
/// <remarks>
/// The result is the staged order, with foreign rules of live put back at their places. Rules that live has at the same place are
/// live's own objects, in live's order: the commit leaves them alone, and they keep their counters and state.
/// </remarks>
internal sealed class ChainMerge
{
    private readonly MergeContext _context;
    private readonly StagedChain _staged;
    private readonly Chain? _live;
    private readonly BaseChain? _known;
    private readonly Func<Rule, bool> _isKnown;
    private readonly int _survivors;

    /// <param name="context">The whole merge.</param>
    /// <param name="staged">The seed's and staging's side.</param>
    /// <param name="live">Live's.</param>
    /// <param name="known">The base's.</param>
    /// <param name="isKnown">Tells a rule of a well-known program, of those that no source owns.</param>
    /// <param name="survivors">
    /// How many rules of the seed the script left around a missing one. If there are any it took that one away on purpose; if there
    /// are none it flushed, and did not mean what others put there.
    /// </param>
    internal ChainMerge(
        MergeContext context, StagedChain staged, Chain? live, BaseChain? known, Func<Rule, bool> isKnown, int survivors)
    {
        _context = context;
        _staged = staged;
        _live = live;
        _known = known;
        _isKnown = isKnown;
        _survivors = survivors;
        LiveOwners = context.Owners(known, live?.Rules ?? []);
    }

    /// <summary>For each live rule its owner.</summary>
    internal int[] LiveOwners { get; }

    internal MergedChain Merge()
    {
        IReadOnlyList<Rule> live = _live?.Rules ?? [];
        IReadOnlyList<Rule> staged = _staged.Rules;
        int[] place = RuleAlignment.Align(live, staged);
        int[] partner = new int[staged.Count];
        Array.Fill(partner, -1);
        for (int index = 0; index < place.Length; index++)
        {
            if (place[index] >= 0)
            {
                partner[place[index]] = index;
            }
        }

        List<int> absent = Absent(live, staged, place, partner, out Dictionary<RuleKey, int> movedOwners);
        bool[] gone = Vanished(live, staged, partner);
        Dictionary<RuleKey, int> rebuilt = Rebuilt(live, staged);
        Insertions insertions = Insertions.Place(live.Count, absent, place);

        List<Rule> rules = new(staged.Count + absent.Count);
        List<int> owners = new(staged.Count + absent.Count);
        void Put(List<int>? indexes) => indexes?.ForEach(index =>
        {
            rules.Add(live[index]);
            owners.Add(LiveOwners[index]);
        });

        Put(insertions.AtStart);
        for (int index = 0; index < staged.Count; index++)
        {
            if (index == staged.Count - 1 && insertions.AtEnd.Count > 0 && CatchAll.Is(_staged.Table, staged[index]))
            {
                Put(insertions.AtEnd); // Behind it they would never be met.
                insertions.AtEnd.Clear();
            }

            Put(insertions.Before(index));
            if (!gone[index])
            {
                Rule rule = staged[index];
                rules.Add(partner[index] >= 0 ? live[partner[index]] : rule);
                owners.Add(_staged.IsMade[index] ? OwnerOfMade(rule, partner[index], rebuilt)
                    : partner[index] >= 0 ? LiveOwners[partner[index]]
                    : movedOwners.GetValueOrDefault(rule.Key, Base.Foreign));
            }

            Put(insertions.After(index));
        }

        Put(insertions.AtEnd);
        return Finish(rules, [.. owners]);
    }

    /// <summary>The live rules that staging lacks and that stay.</summary>
    private List<int> Absent(
        IReadOnlyList<Rule> live, IReadOnlyList<Rule> staged, int[] place, int[] partner, out Dictionary<RuleKey, int> movedOwners)
    {
        Dictionary<RuleKey, int> elsewhere = [];
        for (int index = 0; index < staged.Count; index++)
        {
            if (partner[index] < 0)
            {
                elsewhere.Count(staged[index].Key, 1);
            }
        }

        movedOwners = [];
        List<int> absent = [];
        Dictionary<RuleKey, int>? removed = null;
        for (int index = 0; index < live.Count; index++)
        {
            if (place[index] >= 0)
            {
                continue;
            }

            Rule rule = live[index];
            if (elsewhere.Take(rule.Key))
            {
                movedOwners.TryAdd(rule.Key, LiveOwners[index]);
            }
            else if (Stays(rule, LiveOwners[index], (removed ??= Removed(staged)).Take(rule.Key)))
            {
                absent.Add(index);
            }
        }

        return absent;
    }

    private bool IsForeign(Rule rule) => _context.AllForeign || _isKnown(rule);

    /// <summary>How many foreign rules of each kind live has that staging has not from the seed: so many equal ones may be theirs, written anew.</summary>
    private Dictionary<RuleKey, int> Rebuilt(IReadOnlyList<Rule> live, IReadOnlyList<Rule> staged)
    {
        Dictionary<RuleKey, int> rebuilt = [];
        if (_staged.Made == 0)
        {
            return rebuilt;
        }

        for (int index = 0; index < live.Count; index++)
        {
            if (LiveOwners[index] == Base.Foreign)
            {
                rebuilt.Count(live[index].Key, 1);
            }
        }

        for (int index = 0; index < staged.Count; index++)
        {
            if (!_staged.IsMade[index])
            {
                rebuilt.Count(staged[index].Key, -1);
            }
        }

        return rebuilt;
    }

    /// <summary>
    /// Whose a rule is that the script made: the script's; but one like a foreign rule of live stays foreign if it is a well-known program's, or if the
    /// script may have copied it. If it was taken for ours, it would be left out of the next seed, and be lost.
    /// </summary>
    private int OwnerOfMade(Rule rule, int partner, Dictionary<RuleKey, int> rebuilt) =>
        partner >= 0 && LiveOwners[partner] == Base.Foreign
        && (_context.Input.RebuildsSeed || _isKnown(rule)) && rebuilt.Take(rule.Key)
            ? Base.Foreign
            : _context.Current;

    /// <summary>How many of each rule the seed had and the script took away.</summary>
    private Dictionary<RuleKey, int> Removed(IReadOnlyList<Rule> staged)
    {
        Dictionary<RuleKey, int> removed = [];
        foreach (Rule rule in _staged.Seed?.Rules ?? [])
        {
            removed.Count(rule.Key, 1);
        }

        for (int index = 0; index < staged.Count; index++)
        {
            if (!_staged.IsMade[index])
            {
                removed.Count(staged[index].Key, -1);
            }
        }

        return removed;
    }

    private bool Stays(Rule rule, int owner, bool wasSeeded)
    {
        if (_context.Input.Options.Replace)
        {
            return false;
        }

        bool isForeign = owner == Base.Foreign;
        return _context.Input.SeedKind == SeedKind.Empty ? isForeign && IsForeign(rule)
            : wasSeeded ? isForeign && _survivors == 0 && IsForeign(rule)
            : owner != _context.Current || !_context.OursLeftOut; // Came after the seed was made, or depends on what was left out.
    }

    /// <summary>Seeded rules that somebody has removed from live meanwhile: they go from the result too.</summary>
    private bool[] Vanished(IReadOnlyList<Rule> live, IReadOnlyList<Rule> staged, int[] partner)
    {
        bool[] gone = new bool[staged.Count];
        if (_staged.Survivors == 0)
        {
            return gone;
        }

        Dictionary<RuleKey, int> excess = [];
        for (int index = 0; index < staged.Count; index++)
        {
            if (!_staged.IsMade[index])
            {
                excess.Count(staged[index].Key, 1);
            }
        }

        foreach (Rule rule in live)
        {
            excess.Count(rule.Key, -1);
        }

        for (int index = staged.Count - 1; index >= 0; index--)
        {
            gone[index] = partner[index] < 0 && !_staged.IsMade[index] && excess.Take(staged[index].Key);
        }

        return gone;
    }

    private MergedChain Finish(List<Rule> rules, int[] owners)
    {
        Chain source = _staged.Staged is { } staged && (_live is null || !SameFrame(_staged.Seed, staged)) ? staged : _live ?? _staged.Staged!;
        (Policy policy, int policyOwner, Policy before) = MergePolicy();
        int owner = _staged.IsCreated ? _context.Current : _context.Owner(_known?.Owner ?? Base.Foreign);
        Chain result = new()
        {
            Name = source.Name,
            Hook = source.Hook,
            Raw = source.Raw,
            Policy = policy,
            Counter = _live?.Counter ?? default,
            Rules = rules,
        };
        bool isLive = _live is not null && SameFrame(_live, result) && (!result.IsBase || _live.Policy == policy)
            && rules.Count == _live.Rules.Count && rules.SequenceEqual(_live.Rules, ReferenceEqualityComparer.Instance);
        return new MergedChain(isLive ? _live! : result, owners, owner, policyOwner, before);
    }

    /// <summary>The policy: the script's where it set one; where it no longer does what it did before, the one before; else live's.</summary>
    private (Policy Policy, int Owner, Policy Before) MergePolicy()
    {
        Policy live = _live?.Policy ?? Policy.Accept;
        Policy staged = _staged.Staged?.Policy ?? Policy.Accept;
        Policy seed = _staged.Seed?.Policy ?? Policy.Accept;
        int known = _context.Owner(_known?.PolicyOwner ?? Base.Foreign);
        Policy before = known == Base.Foreign ? live : _known!.PolicyBefore;
        if (_context.Input.SeedKind == SeedKind.Empty)
        {
            return staged == Policy.Accept ? (staged, Base.Foreign, default) : (staged, _context.Current, before);
        }

        bool leftOut = known == _context.Current && _context.OursLeftOut;
        return staged != seed ? (staged, _context.Current, before)
            : leftOut ? (staged, Base.Foreign, default)
            : (live, known, before);
    }

    private static bool SameFrame(Chain? left, Chain right) =>
        left is not null && left.Hook == right.Hook && left.Raw.AsSpan().SequenceEqual(right.Raw);
}
