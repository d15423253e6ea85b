using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>All that a plan is made from.</summary>
public sealed record PlanInput
{
    /// <summary>What was applied last.</summary>
    public required Base Base { get; init; }

    /// <summary>Which source this is: its full path, and its arguments if it has some. The same text means the same source.</summary>
    public required string Source { get; init; }

    /// <summary>What staging started with.</summary>
    public required SeedKind SeedKind { get; init; }

    /// <summary>Staging as it was read back when it had been seeded: its handles and marks tell the script's rules from those.</summary>
    public required Snapshot Seed { get; init; }

    /// <summary>Staging when the script had ended.</summary>
    public required Snapshot Staged { get; init; }

    /// <summary>
    /// True if the script, run again, changed nothing at all in a staging without what it made before (a file told it that its firewall stands): then its work stays.
    /// </summary>
    public bool LeavesItsWork { get; init; }

    /// <summary>Time between these two: entries of sets whose time ran out in it were not removed by the script.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// True if the script may have written rules of the seed anew (see <see cref="SeedRebuild"/>): one that is like a foreign rule then
    /// stays foreign.
    /// </summary>
    public bool RebuildsSeed { get; init; }

    /// <summary>The sets that the script emptied.</summary>
    public SetEmptying Emptied { get; init; } = SetEmptying.None;

    /// <summary>Live now.</summary>
    public required Snapshot Live { get; init; }

    /// <summary>Whose is what.</summary>
    public MergeOptions Options { get; init; } = new();
}
