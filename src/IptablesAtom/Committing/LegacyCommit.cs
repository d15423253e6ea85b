using System.Diagnostics;
using IptablesAtom.Model;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Commits the legacy tables of a plan.</summary>
/// <remarks>
/// <para>
/// Model: <see cref="Prepare"/> (live stays in force, merged with the new rules where a switch is needed), <see cref="Apply"/> (the
/// flip), <see cref="Settle"/> (the pure new tables; again when sets have moved to their own names), <see cref="Finish"/>. After any
/// exception call <see cref="Revert"/>: it brings the old tables back from wherever it stopped.
/// </para>
/// <para>
/// Reasons: the kernel replaces one table of one family at a time. What cannot be one replace becomes one swap of two sets
/// (<see cref="LegacySwitch"/>, <see cref="LegacyMerge"/>), before which and after which it does not matter how long the replaces take.
/// </para>
/// <para>
/// The kernel guarantees: a replace is checked whole before one pointer is stored, and refused it changes nothing; it is refused if the table's
/// number of entries is not the one told. All else that others may do is kept out by the lock that the tools share.
/// </para>
/// <para>Threading: one thread at a time.</para>
/// </remarks>
internal sealed partial class LegacyCommit : IDisposable
{
    private readonly NetworkNamespace _namespace;
    private readonly IReadOnlyList<Table>? _expected;
    private readonly IReadOnlyList<TableChange> _changes;
    private readonly LegacyCommitOptions _options;
    private readonly LegacySockets _sockets;
    private readonly List<LegacyTarget> _targets = [];
    private IReadOnlyDictionary<(Family Space, string Name), string> _temporaryNames = new Dictionary<(Family, string), string>();
    private IpsetSocket? _sets;
    private LegacySwitch? _switch;
    private XtablesLock? _lock;
    private bool _isFlipped;
    private ushort _switchIndex;

    /// <summary>Begins the commit of a plan's legacy part; touches nothing yet.</summary>
    internal LegacyCommit(Plan plan, NetworkNamespace target, LegacyCommitOptions options)
        : this(
            target,
            [.. plan.Live.Tables.Where(table => table.Id.Backend == Backend.Legacy)],
            [.. plan.Tables.Where(change => change is { Id.Backend: Backend.Legacy, Desired: not null })],
            options)
    {
    }

    /// <summary>Begins a step back from inside another commit: whatever live is now is replaced, and the lock is held already.</summary>
    private LegacyCommit(NetworkNamespace target, IReadOnlyList<TableChange> changes)
        : this(target, expected: null, changes, new LegacyCommitOptions { ZeroCounters = true })
    {
    }

    private LegacyCommit(NetworkNamespace target, IReadOnlyList<Table>? expected, IReadOnlyList<TableChange> changes, LegacyCommitOptions options)
    {
        _namespace = target;
        _expected = expected;
        _changes = changes;
        _options = options;
        _sockets = new LegacySockets(target);
    }

    /// <summary>How the change is made one step; known after <see cref="Prepare"/>.</summary>
    internal LegacyMethod Method { get; private set; }

    /// <summary>From the first to the end of the last replace of <see cref="LegacyMethod.BackToBack"/>: how long packets met a mixture.</summary>
    internal TimeSpan Window { get; private set; }

    /// <summary>What could not be tidied up, as sentences; the new rules are in force all the same.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>The tables that are written.</summary>
    internal IReadOnlyList<TableId> Tables => [.. _targets.Select(target => target.Id)];

    private IEnumerable<LegacyTarget> Switched => Method == LegacyMethod.Switch ? _targets.Where(target => target.CanSwitch) : [];

    private IEnumerable<LegacyTarget> Direct => _targets.Except(Switched);

    /// <summary>The flip: from here on the new rules are in force.</summary>
    /// <exception cref="LegacyConflictException">A program without the lock changed a table in between.</exception>
    internal void Apply()
    {
        foreach (LegacyTarget target in _targets)
        {
            _options.Step($"legacy check {target.Id}");
            if (!_sockets[target.Id.Family].GetEntries(target.Id.Name).SameAs(target.Current))
            {
                throw new LegacyConflictException(target.Id);
            }
        }

        // First what can still be refused, then the swap.
        long start = Stopwatch.GetTimestamp();
        List<(LegacyTarget, XtablesBlob)> direct = [.. InOrder(Direct, target => target.Desired)
            .Select(target => (target, EncodeDesired(target)))];
        foreach ((LegacyTarget target, XtablesBlob blob) in direct)
        {
            _options.Step($"legacy replace {target.Id}");
            Replace(target, blob, merged: null);
            target.IsSettled = true;
        }

        Window = direct.Count > 1 ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;
        if (_switch is not null)
        {
            _options.Step("legacy flip");
            _switch.Flip();
            _isFlipped = true;
        }
    }

    /// <summary>
    /// Puts the pure new tables into the kernel, sets at these indexes. To be called again when indexes have changed: a table that is
    /// in the kernel as it shall be is not written.
    /// </summary>
    /// <param name="setIndex">The index of each set that rules name.</param>
    internal void Settle(Func<string, ushort> setIndex)
    {
        _setIndex = setIndex;
        if (_temporaryNames.Count > 0)
        {
            SettleAll();
            _temporaryNames = new Dictionary<(Family, string), string>(); // the old objects of these names are gone with their last rules
        }

        SettleAll();
    }

    /// <summary>Gives kept rules their counters, removes the switch, lets go of the lock.</summary>
    internal void Finish()
    {
        foreach (LegacyTarget target in _targets)
        {
            _options.Step($"legacy counters {target.Id}");
            Tidy(() => _sockets[target.Id.Family].AddCounters(target.Id.Name, target.Carry.ForDesired(_options.ZeroCounters)));
        }

        if (_switch is not null)
        {
            _options.Step("legacy remove switch");
            Tidy(_switch.Destroy);
            _switch = null;
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sets?.Dispose();
        _sets = null;
        _sockets.Dispose();
        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>Does what the firewall does not depend on.</summary>
    private void Tidy(Action action)
    {
        try
        {
            action();
        }
        catch (AtomException failure)
        {
            Warnings.Add(failure.Message);
        }
    }

    private void SettleAll()
    {
        foreach (LegacyTarget target in InOrder(_targets, target => target.Desired))
        {
            XtablesBlob blob = EncodeDesired(target);
            if (!blob.SameAs(target.Current))
            {
                _options.Step($"legacy settle {target.Id}");
                Replace(target, blob, merged: null);
            }

            target.IsSettled = true;
        }
    }

    /// <summary>Replaces a table and keeps what the entries that go have seen.</summary>
    private void Replace(LegacyTarget target, XtablesBlob blob, Table? merged)
    {
        XtablesCounter[] seen;
        try
        {
            seen = _sockets[target.Id.Family].Replace(target.Id.Name, blob, target.Current.Info.EntryCount);
        }
        catch (XtablesException refusal) when (refusal.Errno == Errno.EAGAIN)
        {
            throw new LegacyConflictException(target.Id);
        }

        if (target.Merged is not null)
        {
            target.Carry.AddMerged(target.Merged, _switch!.Prefix, seen);
        }
        else if (target.IsSettled)
        {
            target.Carry.AddDesired(seen);
        }
        else
        {
            target.Carry.AddLive(seen);
        }

        target.Current = blob;
        target.Merged = merged;
    }

    /// <summary>The new table as it shall be in the kernel now: with temporary names while there are any, sets at their indexes of now.</summary>
    private XtablesBlob EncodeDesired(LegacyTarget target) => _temporaryNames.Count > 0 || !target.NamesNoSets
        ? Encode(LegacyNamedState.Rename(target.Desired, _temporaryNames))
        : target.DesiredBlob ??= Encode(target.Desired);

    private XtablesBlob Encode(Table table) => LegacyEncoder.Encode(table, _setIndex);

    private static IEnumerable<LegacyTarget> InOrder(IEnumerable<LegacyTarget> targets, Func<LegacyTarget, Table> table)
    {
        Dictionary<TableId, LegacyTarget> byId = targets.ToDictionary(target => target.Id);
        return LegacyEstimators.First(byId.Values.Select(table)).Select(item => byId[item.Id]);
    }
}
