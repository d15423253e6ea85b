using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Brings the nf_tables part of a plan into force.</summary>
/// <remarks>
/// <para>Model: <see cref="Prepare"/> builds one batch over all families and tables; <see cref="Apply"/> sends it: that is the flip.
/// <see cref="Repoint"/> moves rules from temporary ipsets to the final ones. <see cref="Finish"/> changes policies, in two further
/// generations, and deletes what is only in the way.</para>
/// <para>Reasons: a rule that does not change is not written, so it keeps its state; whatever can be refused is refused before or by the
/// one batch, and then live is as it was.</para>
/// <para>What the kernel guarantees: a batch is applied as a whole or not at all; a packet that has entered a base chain sees one
/// generation of it to the end; a batch that names a generation is refused when that is not the current one.</para>
/// <para>Threading: one thread at a time.</para>
/// </remarks>
internal sealed partial class NftCommit : IDisposable
{
    private readonly NetworkNamespace _target;
    private readonly Snapshot _planned;
    private readonly IReadOnlyList<TableChange> _changes;
    private readonly Action<string> _step;
    private readonly NftSocket _socket;
    private readonly NftWatcher _watcher;
    private readonly HashSet<(TableId Table, string Name)> _touched = [];
    private readonly HashSet<TableId> _tables = [];
    private readonly List<NftPolicyStep> _policies = [];
    private readonly List<NftTableWork> _works = [];
    private readonly NftTemporaryNames _names;
    private Func<string, ushort> _setIndex;
    private NftBatch? _batch;
    private uint _generation;

    /// <param name="target">The live namespace.</param>
    /// <param name="planned">Live as the plan found it.</param>
    /// <param name="changes">The nf_tables tables that change.</param>
    /// <param name="setIndex">For each ipset by name, the index that rules shall refer to at the flip.</param>
    /// <param name="step">Told the name of each step before it is taken.</param>
    internal NftCommit(
        NetworkNamespace target, Snapshot planned, IReadOnlyList<TableChange> changes, Func<string, ushort> setIndex, Action<string>? step = null)
    {
        _target = target;
        _planned = planned;
        _changes = [.. changes.Where(change => change.Id.Backend == Backend.Nft)];
        _setIndex = setIndex;
        _names = FindClashes();
        _step = step ?? (static _ => { });
        _watcher = NftWatcher.Open(target); // before the generation is asked for: nothing between the two goes unheard
        _socket = NftSocket.Open(target);
    }

    /// <summary>The number of messages of the flip; 0 if nothing differs.</summary>
    internal int Messages => _batch?.Count ?? 0;

    /// <summary>What the messages of the flip do, in order.</summary>
    internal IReadOnlyList<NftOperation> Operations => _batch?.Operations ?? [];

    /// <summary>The size of the flip in bytes.</summary>
    internal int Size => _batch?.Size ?? 0;

    /// <summary>Checks that live is as planned, and builds the batch. Changes nothing.</summary>
    /// <exception cref="GenerationConflictException">A table that shall change is not as the plan found it.</exception>
    internal void Prepare()
    {
        _step("nft prepare");
        RefuseInterrupted();
        NftWriter writer = new();
        foreach (TableChange change in AllChanges())
        {
            NftTableWork work = new(change, writer, _setIndex, _names);
            work.Prepare();
            _works.Add(work);
            _policies.AddRange(work.PolicySteps);
            foreach (string name in work.Touched)
            {
                _touched.Add((change.Id, name));
            }

            if (work.Touched.Count > 0 || change.Live is null || work.DeleteTable)
            {
                _tables.Add(change.Id);
            }
        }

        WritePolicies(writer);
        CheckUnchanged();
        if (!writer.IsEmpty)
        {
            _batch = new NftBatch(_setIndex, _works.Sum(work => work.RulesWritten), _names);
            writer.WriteTo(_batch);
        }
    }

    /// <summary>The flip: after it every packet meets the new rules.</summary>
    /// <exception cref="GenerationConflictException">Another program changed what this changes; nothing was applied.</exception>
    /// <exception cref="BatchException">The kernel refused it; nothing was applied.</exception>
    internal void Apply()
    {
        if (_batch is not null)
        {
            _step("nft flip");
            Send(_batch, Concerns);
            _batch.Dispose(); // its bytes are the kernel's now
        }
    }

    /// <summary>Sends a commit's tables into an empty namespace, counters and policies included, in one generation.</summary>
    /// <param name="target">The namespace: no packets there.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="setIndex">The index there of an ipset by name.</param>
    internal static void Seed(NetworkNamespace target, IReadOnlyList<Table> tables, Func<string, ushort> setIndex)
    {
        using NftCommit seed = new(target, Snapshot.Empty, [.. tables.Select(table => new TableChange(table.Id, null, table))], setIndex);
        NftWriter writer = new();
        foreach (TableChange change in seed._changes)
        {
            NftTableWork work = new(change, writer, setIndex, seed._names, atOnce: true);
            work.Prepare();
            seed._works.Add(work);
        }

        if (!writer.IsEmpty)
        {
            using NftBatch batch = new(setIndex, seed._works.Sum(work => work.RulesWritten));
            writer.WriteTo(batch);
            seed._generation = seed._socket.Generation();
            seed.Send(batch, static _ => false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch?.Dispose();
        _socket.Dispose();
        _watcher.Dispose();
    }

    /// <summary>The plan's changes, and tables that differ in nothing but indexes or names for the time of the flip.</summary>
    private IEnumerable<TableChange> AllChanges()
    {
        HashSet<TableId> planned = [.. _changes.Select(change => change.Id)];
        IEnumerable<Table> others = _planned.Tables.Where(table => table.Id.Backend == Backend.Nft && !planned.Contains(table.Id)
            && table.Chains.Any(chain => chain.Rules.Any(rule => rule.Sets.Count > 0 || _names.IsIn(table.Id.Family, rule))));
        return _changes.Concat(others.Select(table => new TableChange(table.Id, table, table)));
    }
}
