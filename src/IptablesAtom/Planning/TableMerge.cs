using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>The merge of one table.</summary>
internal sealed class TableMerge
{
    private readonly MergeContext _context;
    private readonly TableId _id;
    private readonly Table? _seed;
    private readonly Table? _staged;
    private readonly Table? _live;
    private readonly IReadOnlyDictionary<string, BaseChain> _known;
    private readonly Dictionary<string, StagedChain> _chains = [];
    private readonly Dictionary<string, MergedChain> _merged = [];
    private readonly int _survivors;

    internal TableMerge(MergeContext context, TableId id)
    {
        _context = context;
        _id = id;
        _seed = context.Input.Seed.Find(id);
        _staged = context.Input.Staged.Find(id);
        _live = context.Input.Live.Find(id);
        _known = context.Input.Base.Tables.GetValueOrDefault(id) ?? new Dictionary<string, BaseChain>();
        bool isSame = TableHandle.Of(_seed) == TableHandle.Of(_staged);
        foreach (string name in Names(_staged).Union(Names(_seed)))
        {
            _chains[name] = StagedChain.Of(id, _seed?.Find(name), _staged?.Find(name), isSame);
        }

        _survivors = _staged is null && id.Backend == Backend.Nft && context.LeftNftTables ? 1 : _chains.Values.Sum(chain => chain.Survivors);
    }

    /// <summary>True if the script did something in this table, or what this source had in it was left out of the seed.</summary>
    internal bool IsTouched =>
        _chains.Values.Any(chain => !chain.IsUntouched)
        || !SameExtra(_seed, _staged)
        || (_context.OursLeftOut && _context.KnownAs != Base.Foreign && _known.Values.Any(chain => chain.Has(_context.KnownAs)));

    /// <summary>What the base remembers of the table; set by <see cref="Merge"/>.</summary>
    internal Dictionary<string, BaseChain> NextBase { get; } = [];

    /// <summary>The merged chains, with owners; set by <see cref="Merge"/>.</summary>
    internal IEnumerable<MergedChain> Chains => _merged.Values;

    internal TableId Id => _id;

    /// <summary>The table as it shall be; live's own object if it stays as it is; null if there shall be none.</summary>
    /// <remarks>A table of the seed that the script left alone is as live has it, also if others deleted it meanwhile.</remarks>
    internal Table? Merge() => IsTouched || (_live is null && _seed is null) ? MergeTouched() : Leave();

    private static IEnumerable<string> Names(Table? table) => (table?.Chains ?? []).Select(chain => chain.Name);

    private static bool SameExtra(Table? left, Table? right) =>
        (left?.Extra as IHasContent ?? right?.Extra as IHasContent) is not { } content
        || content.SameContent(ReferenceEquals(content, left?.Extra) ? right?.Extra : left?.Extra);

    private Table? Leave()
    {
        foreach ((string name, BaseChain chain) in _known)
        {
            if (_live?.Find(name) is { } live)
            {
                Remember(new MergedChain(
                    live,
                    _context.Owners(chain, live.Rules),
                    _context.Owner(chain.Owner),
                    _context.Owner(chain.PolicyOwner),
                    chain.PolicyBefore));
            }
        }

        return _live;
    }

    private Table? MergeTouched()
    {
        if (_live is not null && !_id.IsXtables && _staged is null && IsForeignTable())
        {
            return Leave();
        }

        foreach (string name in Names(_live).Union(Names(_staged)))
        {
            if (MergeChain(name) is { } chain)
            {
                _merged[name] = chain;
            }
        }

        KeepJumpedTo();
        foreach (MergedChain chain in _merged.Values)
        {
            Remember(chain);
        }

        return Build();
    }

    private void Remember(MergedChain chain)
    {
        _merged[chain.Chain.Name] = chain;
        if (chain.ToBase() is { } known)
        {
            NextBase[chain.Chain.Name] = known;
        }
    }

    /// <summary>A native table that the script deleted or never had, with nothing of a source in it, and not deleted on purpose.</summary>
    private bool IsForeignTable() =>
        !_context.Input.Options.Replace
        && _survivors == 0
        && _known.Count == 0
        && (_context.AllForeign || _context.Names.OfTable(_id) is not null);

    private MergedChain? MergeChain(string name)
    {
        StagedChain staged = _chains.GetValueOrDefault(name) ?? StagedChain.Of(_id, null, null, isSameTable: true);
        Chain? live = _live?.Find(name);
        BaseChain? known = _known.GetValueOrDefault(name);
        bool isDeleted = staged.Staged is null;
        ChainMerge merge = new(
            _context, staged, live, known, rule => IsKnown(name, rule), isDeleted ? _survivors : staged.Survivors);
        MergedChain merged = merge.Merge();
        bool stays = merged.Chain.Rules.Count > 0
            || (isDeleted ? StaysEmpty(live!, staged.Seed is not null, _context.Owner(known?.Owner ?? Base.Foreign))
                : live is not null || staged.Seed is null || merged.Chain.IsBase);
        return stays ? merged : null;
    }

    /// <summary>Whether a live chain that staging lacks, and of whose rules none stays, stays by itself.</summary>
    private bool StaysEmpty(Chain live, bool wasSeeded, int owner)
    {
        if (live.IsBase && _id.IsXtables)
        {
            return _staged is not null || _seed is null;
        }

        bool isForeign = owner == Base.Foreign && (_context.AllForeign || _context.Names.OfChain(live.Name) is not null);
        return !_context.Input.Options.Replace && (_context.Input.SeedKind == SeedKind.Empty ? isForeign
            : wasSeeded ? isForeign && _survivors == 0
            : owner != _context.Current || !_context.OursLeftOut);
    }

    /// <summary>True for a rule of a well-known program, or named with --keep.</summary>
    private bool IsKnown(string chain, Rule rule) =>
        (_context.Names.OfChain(chain) is not null && !IsScripts(chain))
        || (_context.Names.OfRule(_id, chain, rule) is not null && !(rule.Jump is { } jump && IsScripts(jump)));

    /// <summary>A script that itself fills such a chain owns it (a firewall manager run as the script).</summary>
    private bool IsScripts(string chain) =>
        _chains.TryGetValue(chain, out StagedChain? staged)
        && (staged.Made > 0 || (staged.IsCreated && _context.Input.SeedKind != SeedKind.Empty));

    /// <summary>Chains that a rule still jumps to stay, if only with what is foreign in them.</summary>
    private void KeepJumpedTo()
    {
        Queue<Rule> open = new(_merged.Values.SelectMany(chain => chain.Chain.Rules).Where(rule => rule.Jump is not null));
        while (open.TryDequeue(out Rule? rule))
        {
            string name = rule.Jump!;
            if (_merged.ContainsKey(name))
            {
                continue;
            }

            MergedChain kept = _live?.Find(name) is { } live ? ForeignPart(live) : StagedPart(_staged!.Find(name)!);
            _merged[name] = kept;
            foreach (Rule inner in kept.Chain.Rules.Where(inner => inner.Jump is not null))
            {
                open.Enqueue(inner);
            }
        }
    }

    private MergedChain ForeignPart(Chain live)
    {
        BaseChain? known = _known.GetValueOrDefault(live.Name);
        int[] owners = _context.Owners(known, live.Rules);
        int[] kept = [.. Enumerable.Range(0, owners.Length).Where(index => owners[index] == Base.Foreign)];
        Chain chain = kept.Length == owners.Length ? live : live.With([.. kept.Select(index => live.Rules[index])]);
        return new MergedChain(
            chain, [.. kept.Select(index => owners[index])], _context.Owner(known?.Owner ?? Base.Foreign), Base.Foreign, default);
    }

    private MergedChain StagedPart(Chain staged) => new(
        staged,
        [.. _chains[staged.Name].IsMade.Select(made => made ? _context.Current : Base.Foreign)],
        Base.Foreign,
        Base.Foreign,
        default);

    private Table? Build()
    {
        List<Chain> chains = [.. Names(_live).Union(Names(_staged)).Where(_merged.ContainsKey).Select(name => _merged[name].Chain)];
        if (_id.Backend == Backend.Legacy)
        {
            // libiptc keeps user chains sorted by name, and finds them by bisection.
            chains = [.. chains.Where(chain => chain.IsBase), .. chains.Where(chain => !chain.IsBase).OrderBy(chain => chain.Name, StringComparer.Ordinal)];
        }

        object? extra = MergeExtra();
        bool isEmpty = chains.Count == 0 && extra is not IHasContent { HasContent: true };
        if (isEmpty && _staged is null && _id.Backend == Backend.Nft)
        {
            return null;
        }

        bool isLive = _live is not null && ReferenceEquals(extra, _live.Extra)
            && chains.Count == _live.Chains.Count && chains.All(chain => ReferenceEquals(chain, _live.Find(chain.Name)));
        return isLive ? _live : new Table { Id = _id, Chains = chains, Extra = extra };
    }

    /// <summary>Sets, maps and objects of an nft table: the script's if it changed them, else live's.</summary>
    private object? MergeExtra()
    {
        if (_live is null || _staged is null)
        {
            return _live is null ? _staged?.Extra : _merged.Count > 0 ? _live.Extra : null;
        }

        bool isScripts = !SameExtra(_live, _staged)
            && (_context.Input.SeedKind != SeedKind.Empty || !_id.IsXtables
                ? !SameExtra(_seed, _staged)
                : _staged.Extra is IHasContent { HasContent: true });
        return isScripts ? _staged.Extra : _live.Extra;
    }
}
