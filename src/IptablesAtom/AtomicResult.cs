using IptablesAtom.Planning;

namespace IptablesAtom;

/// <summary>What a run did, or would do.</summary>
/// <param name="Plan">The difference from live; empty if there is none.</param>
/// <param name="SeedReason">What staging started with and why, a sentence.</param>
public sealed record AtomicResult(Plan Plan, string SeedReason)
{
    /// <summary>The plan as a list of differences.</summary>
    public PlanDiff Diff { get; } = PlanDiff.Of(Plan);
}
