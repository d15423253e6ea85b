using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>How the script ended.</summary>
/// <param name="Status">Its exit status, or the signal that ended it.</param>
/// <param name="TimedOut">Whether it was ended because its time was up.</param>
/// <param name="LeftOvers">Processes that it had left and that were ended with it, as "PID COMMAND LINE".</param>
public sealed record ScriptResult(ExitStatus Status, bool TimedOut, IReadOnlyList<string> LeftOvers);
