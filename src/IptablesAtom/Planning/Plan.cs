using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>The difference between live and what it shall be, ready to commit.</summary>
public sealed class Plan
{
    /// <summary>Live as it was when the plan was made: the commit is refused if it is not so any more.</summary>
    public required Snapshot Live { get; init; }

    /// <summary>The tables that differ, in the order of <see cref="Model.TableId.Compare"/>.</summary>
    public required IReadOnlyList<TableChange> Tables { get; init; }

    /// <summary>The sets that differ, members before lists.</summary>
    public required IReadOnlyList<SetChange> Sets { get; init; }

    /// <summary>What is ours once this is in force: the base of the next merge.</summary>
    public required Base NextBase { get; init; }

    /// <summary>What was found in the changed tables that is not ours, and stays. For people only, hence counted when asked for.</summary>
    public IReadOnlyList<KeptForeign> Kept
    {
        get => KeptLater.Value;
        init => KeptLater = new Lazy<IReadOnlyList<KeptForeign>>(value);
    }

    internal Lazy<IReadOnlyList<KeptForeign>> KeptLater { get; init; } = new(() => []);

    /// <summary>True if live is already as it shall be.</summary>
    public bool IsEmpty => Tables.Count == 0 && Sets.Count == 0;
}
