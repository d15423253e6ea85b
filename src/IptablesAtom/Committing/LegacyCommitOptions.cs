using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Committing;

/// <summary>How a legacy commit goes about its work.</summary>
internal sealed record LegacyCommitOptions
{
    /// <summary>The lock that the legacy tools share.</summary>
    internal string LockPath { get; init; } = XtablesLock.DefaultPath;

    /// <summary>True if the caller holds it.</summary>
    internal bool IsLocked { get; init; }

    /// <summary>How long to wait for it.</summary>
    internal TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True: rules that stay begin again at 0, as after the plain script.</summary>
    internal bool ZeroCounters { get; init; }

    /// <summary>False: as if the kernel had no ipset.</summary>
    internal bool UseSwitch { get; init; } = true;

    /// <summary>Called before each step with its name; what it throws makes the step fail.</summary>
    internal Action<string> Step { get; init; } = static _ => { };
}
