using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Clears up what a commit left that was killed between its first and its last step.</summary>
/// <remarks>
/// Until then nothing is wrong in the firewall: it is the whole old or the whole new one. What is left are the switch of the legacy tables,
/// rules that stand in for policies, and temporary sets.
/// </remarks>
public static class Recovery
{
    /// <summary>Clears up, and reads live as it then is.</summary>
    /// <param name="live">The namespace.</param>
    /// <param name="lockWait">How long to wait for a commit that is still under way, and for the xtables lock.</param>
    /// <param name="log">Hears what was found.</param>
    public static Snapshot Read(NetworkNamespace live, TimeSpan lockWait, IRunLog log)
    {
        Snapshot now = SnapshotReader.Read(live);
        if (!HasTemporarySets(live) && !HasLeftovers(now))
        {
            return now;
        }

        // Who commits at this moment has such things too: what is still there once the lock is ours was left behind.
        using IDisposable alone = live.Lock(lockWait);
        foreach (string sentence in LegacyRecovery.Run(live, new LegacyCommitOptions { Wait = lockWait }))
        {
            log.Note(sentence);
        }

        if (NftCommit.FinishInterrupted(live))
        {
            log.Note("an earlier run was interrupted when its new rules were in force: its policies are set now");
        }

        SetCommit.RemoveLeftovers(live);
        return SnapshotReader.Read(live);
    }

    /// <summary>Asked of the kernel: a snapshot leaves temporary sets out.</summary>
    private static bool HasTemporarySets(NetworkNamespace live)
    {
        try
        {
            using IpsetSocket sets = IpsetSocket.Open(live);
            return sets.Names().Exists(TemporaryName.Is);
        }
        catch (IpsetException refusal) when ((Errno)refusal.Error is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return false; // a kernel without ipset
        }
    }

    private static bool HasLeftovers(Snapshot now) => now.Tables.Any(table => table.Chains.Any(chain =>
        TemporaryName.Is(chain.Name) || (chain.IsBase && chain.Rules.Any(rule => NftTerminalRule.IsOne(rule.UserData)))));
}
