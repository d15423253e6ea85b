using System.Diagnostics;
using IptablesAtom.Netlink.Ipset;

namespace IptablesAtom.Committing;

/// <summary>
/// Tries commands again, for a bounded time, that the kernel refuses because the set is held: by a listing that another process is amid (it
/// may never end: <c>ipset list | less</c>), or by rules whose removal nf_tables finishes in the background.
/// </summary>
/// <param name="limit">How long.</param>
internal sealed class SetPatience(TimeSpan limit)
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private int _pause = 1;

    /// <summary>Waits a little before another try; false when the time is over.</summary>
    internal bool Wait()
    {
        if (_elapsed.Elapsed >= limit)
        {
            return false;
        }

        Thread.Sleep(_pause);
        _pause = Math.Min(_pause * 2, 20);
        return true;
    }

    /// <summary>True for a refusal that can pass.</summary>
    internal static bool CanPass(int error) => (IpsetError)error is IpsetError.Busy or IpsetError.Referenced or IpsetError.BeingListed;
}
