using IptablesAtom.Planning;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>What a run did, or would do.</summary>
/// <param name="Plan">The difference from live; empty if there is none.</param>
/// <param name="SeedReason">What staging started with and why, a sentence.</param>
public sealed record AtomicResult(Plan Plan, string SeedReason)
{
    /// <summary>The sysctls that the script set otherwise than live has them.</summary>
    public IReadOnlyList<SysctlChange> Sysctls { get; init; } = [];

    /// <summary>What the script did besides the firewall and its sysctls.</summary>
    public HostActivity Activity { get; init; } = HostActivity.None;

    /// <summary>With <c>--replay</c>: a sentence for each of the script's other calls that live refused, or that could not be repeated; the firewall is in force.</summary>
    public IReadOnlyList<string> ReplayFailures { get; init; } = [];

    /// <summary>True if live is already as the script makes it; what is not repeated on live does not count.</summary>
    public bool IsEmpty => Plan.IsEmpty && Sysctls.Count == 0;

    /// <summary>The plan as a list of differences.</summary>
    public PlanDiff Diff { get; } = PlanDiff.Of(Plan);
}
