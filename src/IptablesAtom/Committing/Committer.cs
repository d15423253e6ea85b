using System.Diagnostics;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;

namespace IptablesAtom.Committing;

/// <summary>Brings a plan into force, with three outcomes only: applied and verified, the old state in force and verified, or a loud failure.</summary>
/// <remarks>
/// <para>Model: sets, nf_tables and legacy tables each prepare beside what is live, flip, and tidy up (<see cref="SetCommit"/>,
/// <see cref="NftCommit"/>, <see cref="LegacyCommit"/>); <see cref="CommitSequence"/> is the order between them.</para>
/// <para>Reasons: what can fail for bad input fails while preparing. Until the first flip a failure takes back what was prepared; after it the same
/// code brings the state before the commit back, as a plan of its own.</para>
/// <para>The kernel: one nf_tables batch is one generation; one swap of two ipsets is one store of a pointer. Nothing spans both: with both back-ends
/// in one plan there are two instants, one right after the other.</para>
/// <para>Threading: two commits of this program to one namespace wait for each other by a lock on the namespace itself.</para>
/// </remarks>
internal static class Committer
{
    /// <summary>Commits; with nothing to change, writes nothing.</summary>
    /// <param name="plan">What shall change.</param>
    /// <param name="live">Where.</param>
    /// <param name="locks">Held by the caller, best from before live was read for the plan.</param>
    /// <param name="lockWait">How long to wait for the xtables lock, where it is not among these.</param>
    /// <param name="log">Hears what the user should know.</param>
    /// <param name="step">Hears the name of each step before it is taken; a test makes it throw.</param>
    /// <exception cref="ConflictException">Live is not as planned any more; nothing was changed.</exception>
    /// <exception cref="LockException">A lock is held; nothing was changed.</exception>
    /// <exception cref="CommitException">It failed when live had changed already; says what is in force.</exception>
    internal static void Commit(Plan plan, NetworkNamespace live, CommitLocks locks, TimeSpan lockWait, IRunLog log, Action<string>? step = null)
    {
        if (plan.IsEmpty)
        {
            return;
        }

        step ??= static _ => { };
        Memory.GiveBack(); // what planning left
        using CommitSequence sequence = new(plan, live, lockWait, log, step, locks.HoldsXtables);
        try
        {
            long begin = Stopwatch.GetTimestamp();
            sequence.Execute();
            TimeSpan committed = Stopwatch.GetElapsedTime(begin);
            step("verify");
            Memory.GiveBack();
            Verification.Check(plan, live);
            log.Detail($"committed in {committed.TotalMilliseconds:0.0} ms, read back and compared in {(Stopwatch.GetElapsedTime(begin) - committed).TotalMilliseconds:0.0} ms");
        }
        catch (Exception failure) when (sequence.HasFlipped)
        {
            throw TakeBack(sequence, failure);
        }
    }

    private static CommitException TakeBack(CommitSequence sequence, Exception failure)
    {
        try
        {
            sequence.TakeBack();
            return new CommitException($"the commit failed: {failure.Message}; the old firewall is in force again, read back and equal", isRestored: true, failure);
        }
        catch (AtomException second)
        {
            return new CommitException(
                $"the commit failed: {failure.Message}; and the old firewall could not be brought back: {second.Message}. " +
                "What is in force is neither for certain: see iptables-save, nft list ruleset and ipset list, then run the script again",
                isRestored: false,
                failure);
        }
    }
}
