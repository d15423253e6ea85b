namespace IptablesAtom.Staging.Activity;

/// <summary>What a script did besides the firewall and its sysctls.</summary>
/// <param name="Calls">Its calls, in order.</param>
/// <param name="Changes">What was different in staging's network after it: what the calls that ran there did, and what was done without a known call.</param>
public sealed record HostActivity(IReadOnlyList<HostCall> Calls, IReadOnlyList<NetworkChange> Changes)
{
    /// <summary>Nothing.</summary>
    public static HostActivity None { get; } = new([], []);

    /// <summary>The calls that were not done on live, and that <c>--replay</c> repeats there.</summary>
    public IReadOnlyList<HostCall> Undone => [.. Calls.Where(call => call.IsUndone)];

    /// <summary>The calls that acted on the machine at once.</summary>
    public IReadOnlyList<HostCall> Done => [.. Calls.Where(call => call.Fate == CallFate.Done)];

    /// <summary>The differences for which there is no call that could have made them, so that nothing can repeat them.</summary>
    public IReadOnlyList<NetworkChange> Unexplained => Calls.Any(call => call.Fate == CallFate.Staged && call.Subject is not "conntrack") ? [] : Changes;
}
