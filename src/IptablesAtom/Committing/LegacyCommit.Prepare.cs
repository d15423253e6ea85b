using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class LegacyCommit
{
    private static readonly byte[] SetMatchRevisions = [4, 1]; // 1 works everywhere, but newer tools list it as unsupported

    private Func<string, ushort> _setIndex = static name => throw new InvalidOperationException($"no index for the set {name}");

    /// <summary>
    /// Takes the lock, makes sure that live is what the plan was made from, and brings the new rules into the kernel without effect.
    /// </summary>
    /// <param name="setIndex">
    /// The index that rules shall look at from the flip on, of each set that rules name. Live tables whose rules look at another one
    /// change with the rest.
    /// </param>
    /// <exception cref="LockException">Another program holds the lock.</exception>
    /// <exception cref="LegacyConflictException">Live was changed.</exception>
    internal void Prepare(Func<string, ushort> setIndex)
    {
        _setIndex = setIndex;
        if (_changes.Count == 0 && _expected is { Count: 0 })
        {
            return;
        }

        _options.Step("legacy lock");
        TakeLock();
        Recover();
        _options.Step("legacy read");
        FindTargets();
        Method = Choose();
        if (Method == LegacyMethod.Switch)
        {
            Merge();
        }
    }

    private void TakeLock()
    {
        if (_expected is not null && !_options.IsLocked)
        {
            _lock ??= XtablesLock.Take(_options.Wait, _options.LockPath);
        }
    }

    /// <summary>Clears up after a killed commit. The plan was made from what that left, so a conflict follows, and a plan from clean tables.</summary>
    private void Recover()
    {
        if (_expected is not null)
        {
            using IpsetSocket sets = IpsetSocket.Open(_namespace);
            Warnings.AddRange(LegacyRecovery.RunLocked(_namespace, sets));
        }
    }

    /// <summary>Reads live, compares it with the plan's, and lists what has to be written.</summary>
    private void FindTargets()
    {
        using SetNames names = new(_namespace);
        Dictionary<TableId, (Table Table, XtablesBlob Blob)> live = [];
        foreach (TableId id in _sockets.Existing())
        {
            XtablesBlob blob = _sockets[id.Family].GetEntries(id.Name);
            live[id] = (LegacyDecoder.Decode(id, blob, names.NameOf), blob);
        }

        Compare(live.ToDictionary(pair => pair.Key, pair => pair.Value.Table));
        Dictionary<TableId, Table> desired = _changes.ToDictionary(change => change.Id, change => change.Desired!);
        foreach ((Table table, _) in live.Values)
        {
            if (!desired.ContainsKey(table.Id) && table.Chains.Any(chain => chain.Rules.Any(rule => LegacySets.LooksElsewhere(rule, _setIndex))))
            {
                desired[table.Id] = table;
            }
        }

        _temporaryNames = LegacyNamedState.Clashes(
            live.Values.Select(item => item.Table).Where(table => desired.ContainsKey(table.Id)), desired.Values);
        foreach ((Table table, _) in live.Values)
        {
            if (LegacyNamedState.Uses(table, _temporaryNames))
            {
                desired.TryAdd(table.Id, table);
            }
        }

        foreach ((TableId id, Table table) in desired.OrderBy(pair => pair.Key, Comparer<TableId>.Create(TableId.Compare)))
        {
            // A table that live does not have yet is made by asking for it: empty, policy ACCEPT.
            (Table now, XtablesBlob blob) = live.TryGetValue(id, out (Table, XtablesBlob) found)
                ? found
                : Decode(_sockets[id.Family].GetEntries(id.Name));
            LegacyTarget target = new(id, now, blob, table);
            if (_temporaryNames.Count > 0 || !EncodeDesired(target).SameAs(blob))
            {
                _targets.Add(target);
            }

            (Table, XtablesBlob) Decode(XtablesBlob made) => (LegacyDecoder.Decode(id, made, names.NameOf), made);
        }
    }

    private void Compare(Dictionary<TableId, Table> live)
    {
        if (_expected is null)
        {
            return;
        }

        Dictionary<TableId, Table> expected = _expected.ToDictionary(table => table.Id);
        foreach (TableId id in live.Keys.Union(expected.Keys))
        {
            bool isSame = (live.GetValueOrDefault(id), expected.GetValueOrDefault(id)) switch
            {
                ({ } now, { } then) => SameTable(now, then),
                ({ } now, null) => now.IsNeutral, // somebody listed it, which makes it
                _ => false,
            };
            if (!isSame)
            {
                throw new LegacyConflictException(id);
            }
        }
    }

    private static bool SameTable(Table one, Table other) => one.Chains.Count == other.Chains.Count
        && one.Chains.Zip(other.Chains).All(pair => pair.First.Name == pair.Second.Name && pair.First.Hook == pair.Second.Hook
            && pair.First.Policy == pair.Second.Policy && pair.First.Rules.Count == pair.Second.Rules.Count
            && pair.First.Rules.Zip(pair.Second.Rules).All(rules => rules.First.Key == rules.Second.Key));

    private LegacyMethod Choose()
    {
        int switchable = _targets.Count(target => target.CanSwitch);
        if (switchable < 2)
        {
            return _targets.Count == 0 ? LegacyMethod.Nothing : LegacyMethod.Replace;
        }

        return _options.UseSwitch && SetMatchRevision() is not null && CreateSwitch() ? LegacyMethod.Switch : LegacyMethod.BackToBack;
    }

    private byte? SetMatchRevision()
    {
        foreach (byte revision in SetMatchRevisions)
        {
            if (_targets.Where(target => target.CanSwitch).All(target => _sockets[target.Id.Family].HasMatch("set", revision)))
            {
                return revision;
            }
        }

        return null;
    }

    /// <summary>False if the kernel has no list:set or hash:net.</summary>
    private bool CreateSwitch()
    {
        _options.Step("legacy create switch");
        _sets = IpsetSocket.Open(_namespace);
        _switch = LegacySwitch.New(_sets);
        try
        {
            _switchIndex = _switch.Create();
            return true;
        }
        catch (IpsetException refusal) when (refusal.Error == IpsetError.UnknownType)
        {
            _switch.Destroy();
            _switch = null;
            return false;
        }
    }

    private void Merge()
    {
        byte revision = SetMatchRevision()!.Value;
        Dictionary<TableId, Table> merged = Switched.ToDictionary(
            target => target.Id,
            target => LegacyMerge.Merge(
                LegacySets.BindAsRead(target.Live),
                LegacySets.Bind(LegacyNamedState.Rename(target.Desired, _temporaryNames), _setIndex),
                _switch!.Prefix,
                index => (LegacySwitch.Match(index, revision), revision),
                _switchIndex,
                TemporarySets(target.Desired)));
        foreach (LegacyTarget target in InOrder(Switched, target => merged[target.Id]))
        {
            XtablesBlob blob = Encode(merged[target.Id]);
            _options.Step($"legacy merge {target.Id}");
            Replace(target, blob, merged[target.Id]);
        }
    }

    /// <summary>The sets of which the new rules ask a copy, because they change with them.</summary>
    private List<(ushort Temporary, ushort Own)> TemporarySets(Table desired)
    {
        List<(ushort, ushort)> sets = [];
        foreach (string name in desired.Chains.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Sets).Select(set => set.Name).Distinct(StringComparer.Ordinal))
        {
            if (_sets!.FindIndex(name) is { } own && _setIndex(name) is var temporary && temporary != own)
            {
                sets.Add((temporary, own));
            }
        }

        return sets;
    }
}
