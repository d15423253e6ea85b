using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Committing;

/// <summary>Waits until no packet is inside rules that were replaced before.</summary>
internal static class GracePeriod
{
    private const int LongestRun = 50; // milliseconds, far beyond one packet's way through a chain

    /// <summary>
    /// Waits for an RCU grace period: packets pass chains inside RCU read sections, and the kernel's membarrier waits until all
    /// sections that had begun are over. Where it is refused (nohz_full), sleeps.
    /// </summary>
    internal static void Wait()
    {
        if (!LibC.MemoryBarrier())
        {
            Thread.Sleep(LongestRun);
        }
    }
}
