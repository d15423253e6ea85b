using System.Diagnostics;
using IptablesAtom.Committing;
using IptablesAtom.History;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging;

namespace IptablesAtom;

/// <summary>The whole product: a script becomes one atomic change of the live firewall.</summary>
/// <remarks>
/// <para>Source, Staging, Snapshot, Plan, Commit, History: each word is a folder, in this reading order.</para>
/// <para>Until <see cref="Committer"/> is called nothing has touched live, whatever the script did and however it or this program ended.
/// After it the whole new firewall is in force, or the whole old one, verified; or an error says exactly what is.</para>
/// </remarks>
/// <param name="options">What the user asked for.</param>
/// <param name="log">Hears what happens.</param>
/// <param name="interruption">Signals: until the commit they end the run.</param>
public sealed partial class AtomicRun(RunOptions options, IRunLog log, Interruption interruption)
{
    private const int MostAttempts = 20;
    private readonly BaseStore _store = new();

    /// <summary>Stages the script and says what it would change. Live is only read.</summary>
    public AtomicResult Plan() => OnStage(ReadLive, (live, stage, before) => PlanFor(live, stage, ReadLiveAgain(live, before)));

    /// <summary>Stages the script, plans, commits, verifies, and remembers what is ours.</summary>
    /// <exception cref="ConflictException">Others kept changing live; it is untouched by us.</exception>
    /// <exception cref="CommitException">The commit failed when it had begun; says what is in force.</exception>
    public AtomicResult Run() => OnStage(live => Recovery.Read(live, options.LockWait, log), (live, stage, before) =>
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // After a conflict the legacy tools wait already while live is read and the plan is made: they cannot come between again.
                using CommitLocks locks = CommitLocks.Take(live, options.LockWait, withXtables: attempt > 1 && stage.HasLegacyTables);
                before = SnapshotReader.ReadAgain(live, before);
                AtomicResult result = PlanFor(live, stage, before);
                Action remember = _store.Prepare(live, result.Plan.NextBase);
                interruption.BeginCommit();
                Committer.Commit(result.Plan, live, locks, options.LockWait, log);
                Apply(stage.Sysctls, result, live);
                remember();
                log.Detail($"{(Stopwatch.GetElapsedTime(stage.ScriptEnd) - _describing).TotalMilliseconds:0.0} ms from the end of the script to here, the words of the plan aside");
                return After(result, live);
            }
            catch (ConflictException conflict) when (attempt < MostAttempts)
            {
                // Somebody changed live after it was read, and nothing was written: plan again from what is there now.
                log.Detail($"{conflict.Message}; planning again");
            }
        }
    });

    private AtomicResult OnStage(Func<NetworkNamespace, Snapshot> read, Func<NetworkNamespace, Stage, Snapshot, AtomicResult> then)
    {
        Privileges.RequireStaging();
        using NetworkNamespace live = options.Netns is null ? NetworkNamespace.Current() : NetworkNamespace.Parse(options.Netns);
        using OwnThread<PreparedStaging> staging = PreparedStaging.Begin(options, live, interruption); // while live is read
        Snapshot now = read(live);
        Base ours = UserNamespace.IsInside ? new Base() : _store.Read(live, now);
        using Stage stage = Stage.Run(options, live, now, ours, staging, log, interruption);
        return then(live, stage, now);
    }

    private AtomicResult PlanFor(NetworkNamespace live, Stage stage, Snapshot now)
    {
        Plan plan = Planner.Make(stage.InputFor(now, options));
        Describe(plan, live, stage, now);
        return new AtomicResult(plan, stage.SeedReason) { Sysctls = Differing(stage.Sysctls, live), Activity = stage.Activity };
    }
}
