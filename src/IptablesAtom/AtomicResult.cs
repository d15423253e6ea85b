using IptablesAtom.Planning;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>What a run did, or would do.</summary>
/// <param name="Plan">The difference from live; empty if there is none.</param>
/// <param name="SeedReason">What staging started with and why, a sentence.</param>
public sealed record AtomicResult(Plan Plan, string SeedReason)
{
    /// <summary>The sysctls that the script set otherwise than live has them.</summary>
    public IReadOnlyList<SysctlChange> Sysctls { get; init; } = [];

    /// <summary>True if live is already as the script makes it.</summary>
    public bool IsEmpty => Plan.IsEmpty && Sysctls.Count == 0;

    /// <summary>The plan as a list of differences.</summary>
    public PlanDiff Diff { get; } = PlanDiff.Of(Plan);
}
