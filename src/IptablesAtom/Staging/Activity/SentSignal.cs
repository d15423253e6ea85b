using System.Globalization;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Activity;

/// <summary>A signal for processes outside of staging, which was withheld.</summary>
/// <param name="Number">The signal.</param>
/// <param name="Target">As kill(2) takes it: a process, a group (negative), or everything (-1).</param>
/// <param name="Name">The process's name; empty for a group.</param>
/// <param name="StartTime">When it was started, in clock ticks since boot (proc(5)): tells it from a later process of the same number; 0 for a group.</param>
internal sealed record SentSignal(int Number, int Target, string Name, ulong StartTime)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"kill -{SignalNames.Short(Number)} {(Target < 0 ? "-- " : "")}{Target}{(Name.Length > 0 ? $" ({Name})" : "")}");
}
