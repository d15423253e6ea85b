using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>
/// The ipsets' part of a commit: new content is built beside the old and changes places with it, together with the rules that look at it.
/// </summary>
/// <remarks>
/// <para>
/// Model. A rule holds a set by its index, a name is bound to its index, and only what nothing refers to can be renamed. So for a set that changes
/// together with rules there are two copies of the new content: rules look at the first ("flip") while the set itself takes over the second, then they
/// look at the set again. A list that has such a member gets a flip copy too. Sets that do not change are not touched.
/// </para>
/// <para>
/// Order of calls, between the steps of the rules (facts: two sets of one type are swapped, of different types renamed, which no reference may hinder):
/// </para>
/// <code>
/// Prepare            rules flip, look at FlipIndex           live has old content under all names
/// Swap               (rules with old and new side by side:   look at MiddleIndex)
/// Rename             rules look at FinalIndex, if NeedsRepoint
/// Reconcile, Finish
/// </code>
/// <para>Without a change of rules (and of types): Prepare, Apply, Reconcile, Finish; the swap itself is the flip.</para>
/// <para>
/// Failure. Before the flip: <see cref="Revert"/>. A failed <see cref="Swap"/> or <see cref="Rename"/> puts back what it did before it throws; rules
/// may still look at flip copies then: <see cref="Undo"/>, then the rules go back, then <see cref="Revert"/>. Once rules may look at exchanged
/// sets (<see cref="KeepExchange"/>) the way back is another commit.
/// </para>
/// <para>Kernel: one swap is one store of a pointer; there is no transaction over several (1.4 us apart in one send). Threading: one thread at a time.</para>
/// </remarks>
internal sealed partial class SetCommit : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly IpsetSocket _socket;
    private readonly Action<string> _step;
    private readonly IReadOnlyList<SetWork> _work;
    private readonly Dictionary<string, SetWork> _byName;
    private readonly Dictionary<string, ushort> _indexes = [];
    private readonly SetLateEntries _late;
    private readonly HashSet<string> _made = [];

    /// <summary>Decides what to do; touches nothing.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="changes">The sets that change, members before lists.</param>
    /// <param name="live">All sets of the namespace as the plan found them.</param>
    /// <param name="referenced">Names of the sets that rules refer to when all is done, in every table, changed or not.</param>
    /// <param name="rulesChange">True if rules change in the same commit.</param>
    /// <param name="step">Hears the name of each step before it is done; may throw.</param>
    internal SetCommit(
        NetworkNamespace target, IReadOnlyList<SetChange> changes, IReadOnlyList<IpSet> live, IReadOnlySet<string> referenced, bool rulesChange, Action<string>? step = null)
    {
        _work = SetWorkList.Of(changes, live, referenced, rulesChange, (uint)Random.Shared.NextInt64(1L << 32));
        _byName = _work.ToDictionary(set => set.Name, StringComparer.Ordinal);
        _step = step ?? (_ => { });
        _socket = IpsetSocket.Open(target);
        _late = new SetLateEntries(_socket);
    }

    /// <summary>True if nothing is to be done.</summary>
    internal bool IsEmpty => !_work.Any(set => set.IsNew || set.IsGone || set.IsChanged);

    /// <summary>
    /// True if rules must look at temporary sets for the flip and be committed once more with the final indexes: every rule that refers to a
    /// set of which <see cref="IsFlipped"/> is true, also in tables that do not change otherwise.
    /// </summary>
    internal bool NeedsRepoint => _work.Any(set => set.FlipName is not null);

    /// <summary>True if a type changes: legacy tables that hold old and new rules side by side need a third replace after <see cref="Rename"/>.</summary>
    internal bool HasRenames => _work.Any(set => set.IsRenamed);

    /// <summary>True if rules that refer to the set look at a temporary one for the flip.</summary>
    internal bool IsFlipped(string name) => _byName.GetValueOrDefault(name)?.FlipName is not null;

    /// <summary>The index that rules hold from the flip on.</summary>
    internal ushort FlipIndex(string name) => _byName.GetValueOrDefault(name) is { FlipName: not null } set ? set.FlipIndex : FinalIndex(name);

    /// <summary>The index that rules may hold between <see cref="Swap"/> and <see cref="Rename"/>: the final one, unless the renaming would need its references gone.</summary>
    internal ushort MiddleIndex(string name) =>
        _byName.GetValueOrDefault(name) is { FlipName: not null } set && (set.IsRenamed || set.IsRefilled) ? set.FlipIndex : FinalIndex(name);

    /// <summary>The index that rules hold in the end.</summary>
    /// <exception cref="IpsetException">There is no such set.</exception>
    internal ushort FinalIndex(string name)
    {
        if (_byName.GetValueOrDefault(name) is { IsRenamed: true } renamed)
        {
            return renamed.FinalIndex;
        }

        if (!_indexes.TryGetValue(name, out ushort index))
        {
            index = IndexOf(name);
            _indexes.Add(name, index);
        }

        return index;
    }

    /// <summary>Creates the new sets under their names and the copies of the changed ones beside them. Nothing that is live changes.</summary>
    /// <exception cref="IpsetException">The kernel does not take a set; call <see cref="Revert"/>.</exception>
    internal void Prepare()
    {
        foreach (SetWork set in _work)
        {
            if (set is { IsNew: true, Desired: not null })
            {
                Make(set.Desired, set.Name);
            }

            if (set.NextName is not null)
            {
                Make(set.Desired!, set.NextName);
                set.FinalIndex = set.IsRenamed ? IndexOf(set.NextName) : (ushort)0;
            }

            if (set.FlipName is not null)
            {
                Make(set.IsList ? SetCopy.WithMembers(set.Desired!, member => _byName.GetValueOrDefault(member)?.FlipName ?? member) : set.Desired!, set.FlipName);
                set.FlipIndex = IndexOf(set.FlipName);

                // Times that rules renew in the copy are found by comparing with its own listing, in its own order.
                set.FlipContent = set.Desired!.HasTimeout ? IpSetSnapshot.ReadOne(_socket, set.FlipName) : set.Desired;
            }
        }
    }

    /// <summary>The commit of a plan.</summary>
    /// <param name="plan">What changes.</param>
    /// <param name="target">The namespace.</param>
    /// <param name="step">Hears the name of each step before it is done; may throw.</param>
    internal static SetCommit For(Plan plan, NetworkNamespace target, Action<string>? step = null)
    {
        HashSet<TableId> changed = [.. plan.Tables.Select(table => table.Id)];
        IEnumerable<Table> tables = plan.Tables.Select(table => table.Desired).OfType<Table>().Concat(plan.Live.Tables.Where(table => !changed.Contains(table.Id)));
        HashSet<string> referenced = [.. tables.SelectMany(table => table.Chains).SelectMany(chain => chain.Rules).SelectMany(rule => rule.Sets).Select(set => set.Name)];
        return new SetCommit(target, plan.Sets, plan.Live.Sets, referenced, plan.Tables.Count > 0, step);
    }

    /// <summary>Makes exact copies of sets in a namespace that has none of their names: what staging starts with.</summary>
    /// <param name="sets">The sets, members before lists.</param>
    /// <param name="target">The namespace.</param>
    internal static void Seed(IReadOnlyList<IpSet> sets, NetworkNamespace target)
    {
        using IpsetSocket socket = IpsetSocket.Open(target);
        foreach (IpSet set in sets)
        {
            SetCopy.Make(socket, set, set.Name);
        }
    }

    /// <summary>Both exchanges one after the other: where no rule holds the old sets.</summary>
    internal void Apply()
    {
        Swap();
        Rename();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Make(IpSet set, string name)
    {
        _step($"create set {name} ({set.Name})");
        SetCopy.Make(_socket, set, name);
        _made.Add(name);
    }

    private ushort IndexOf(string name) =>
        _socket.FindIndex(name) ?? throw new IpsetException($"look-up of the ipset {name}", (int)IpsetError.NotFound);
}
