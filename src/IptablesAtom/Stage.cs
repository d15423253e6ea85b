using System.Diagnostics;
using System.Globalization;
using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Interception;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>A script that has run in staging: what staging started with, and what the script made of it.</summary>
internal sealed class Stage : IDisposable
{
    private readonly PreparedStaging _staging;
    private readonly SeedPlan _choice;
    private readonly Base _base;
    private readonly Snapshot _seed;

    private Stage(PreparedStaging staging, SeedPlan choice, Base ours, Snapshot seed, Snapshot result)
    {
        _staging = staging;
        _choice = choice;
        _base = ours;
        _seed = seed;
        Result = result;
    }

    /// <summary>Staging when the script had ended.</summary>
    internal Snapshot Result { get; }

    /// <summary>When the script had ended, as <see cref="Stopwatch"/> counts.</summary>
    internal long ScriptEnd { get; private init; }

    /// <summary>From the seed to the end of the script.</summary>
    private TimeSpan Elapsed { get; init; }

    /// <summary>See <see cref="PlanInput.LeavesItsWork"/>.</summary>
    private bool LeavesItsWork { get; init; }

    /// <summary>True if the script may have written rules of the seed anew.</summary>
    private bool RebuildsSeed { get; init; }

    /// <summary>The sets that the script emptied.</summary>
    private SetEmptying Emptied { get; init; } = SetEmptying.None;

    /// <summary>What the script set, in its order.</summary>
    internal IReadOnlyList<SysctlChange> Sysctls { get; private init; } = [];

    /// <summary>What the script did besides the firewall and its sysctls.</summary>
    internal HostActivity Activity { get; private init; } = HostActivity.None;

    /// <summary>Why staging started with what it did.</summary>
    internal string SeedReason => _choice.Reason;

    /// <summary>True if the script left legacy tables.</summary>
    internal bool HasLegacyTables => Result.Tables.Any(table => table.Id.Backend == Backend.Legacy);

    /// <summary>The staging namespace.</summary>
    internal NetworkNamespace Network => _staging.Namespace.Network;

    /// <summary>Fills staging and runs the script in it; again in a new one, if that is what its end asks for.</summary>
    /// <exception cref="ScriptFailedException">The script did not end well.</exception>
    internal static Stage Run(
        RunOptions options, NetworkNamespace host, Snapshot live, Base ours, OwnThread<PreparedStaging> prepared, IRunLog log, Interruption interruption)
    {
        PreparedStaging staging = prepared.Result;
        while (true)
        {
            Acceleration acceleration = staging.Acceleration;
            try
            {
                return Run(options, staging, live, ours, log);
            }
            catch (DivergenceException divergence) when (acceleration != Acceleration.None)
            {
                log.Note($"{divergence.Message}; this is done now");
                acceleration = divergence.WentAhead ? Acceleration.Waiting : Acceleration.None;
            }
            catch (SeedLacksException lack) when (options.From == SeedFrom.Auto)
            {
                log.Note(lack.Message);
                options = options with { From = SeedFrom.Live };
            }

            staging = new PreparedStaging(options, host, interruption, acceleration);
        }
    }

    private static Stage Run(RunOptions options, PreparedStaging prepared, Snapshot live, Base ours, IRunLog log)
    {
        try
        {
            StagingNamespace staging = prepared.Namespace;
            FirewallInterception interception = prepared.Interception;
            prepared.Describe(log);
            long start = Stopwatch.GetTimestamp();
            SeedPlan choice = SeedPlan.Choose(options.From, options.Source, ours, live);
            Snapshot seed = choice.Resolve(Seed.Fill(choice.Content, staging.Network));
            log.Detail(choice.Reason);
            prepared.Sysctls.Watch();
            long begin = Stopwatch.GetTimestamp();
            ScriptResult result = RunScript(staging, interception, log);
            long end = Stopwatch.GetTimestamp();
            interception.Finish();
            if (prepared.Host.Refused is { } refused)
            {
                log.Note(refused); // it may be why the script failed
            }

            Judge(options, result, interception, choice, staging, log);
            LegacyBridge.Refuse(staging.Network);
            HostActivity activity = prepared.Activity();
            Memory.GiveBack();
            Snapshot staged = choice.Resolve(SnapshotReader.Read(staging.Network));
            TimeSpan around = prepared.Elapsed + Stopwatch.GetElapsedTime(start, begin) + Stopwatch.GetElapsedTime(end);
            log.Detail(string.Create(
                CultureInfo.InvariantCulture, $"{around.TotalMilliseconds:0.0} ms for staging, {Stopwatch.GetElapsedTime(begin, end).TotalMilliseconds:0.0} ms for the script in it"));
            Memory.GiveBack();
            bool leavesItsWork = choice.Kind == SeedKind.LiveWithoutOurs && interception.Calls.All(ReadingCall.Is) && Equality.Same(seed, staged);
            if (leavesItsWork)
            {
                log.Note($"{options.Script.Name} changed no firewall this time: what an earlier run of it made stays (--from empty takes it away)");
            }

            if (options.Describe)
            {
                RuleOrigins.Assign(interception.RuleCalls(staging), seed, staged, interception.Plain);
            }

            // A call that adds a rule neither lists nor empties anything, and most calls are such.
            IEnumerable<IReadOnlyList<string>> others = interception.Calls.Where(call => !call.AddsRule).Select(call => call.Words);
            Stage stage = new(prepared, choice, ours, seed, staged)
            {
                ScriptEnd = end,
                Elapsed = Stopwatch.GetElapsedTime(start),
                LeavesItsWork = leavesItsWork,
                RebuildsSeed = SeedRebuild.IsPossible(others),
                Emptied = SetEmptying.Of(others),
                Sysctls = prepared.Sysctls.Read(),
                Activity = activity,
            };
            interception.Forget();
            return stage;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>What a plan is made from, with live as it is now.</summary>
    internal PlanInput InputFor(Snapshot live, RunOptions options) => new()
    {
        Base = _base,
        Source = options.Source,
        SeedKind = _choice.Kind,
        Seed = _seed,
        Staged = Result,
        Elapsed = Elapsed,
        LeavesItsWork = LeavesItsWork,
        RebuildsSeed = RebuildsSeed,
        Emptied = Emptied,
        Live = live,
        Options = options.Merge,
    };

    /// <inheritdoc/>
    public void Dispose() => _staging.Dispose();

    private static ScriptResult RunScript(StagingNamespace staging, FirewallInterception interception, IRunLog log)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return staging.Run(() => log.Progress(new ScriptProgress(interception.CallCount, interception.RuleCount, Stopwatch.GetElapsedTime(start))));
        }
        finally
        {
            log.Progress(null);
        }
    }

    private static void Judge(
        RunOptions options, ScriptResult result, FirewallInterception interception, SeedPlan choice, StagingNamespace staging, IRunLog log)
    {
        CallRecord? missed = result.TimedOut || options.OnError == OnError.Ignore || result.Status.Code is null or 0 ? null : FailedCalls.LastThatMissed(interception.Calls);
        IReadOnlyList<CallRecord> failed = interception.Failed(staging, options.OnError);
        bool endedByItself = !result.TimedOut && result.Status.Code is not null;
        if (choice.Kind == SeedKind.LiveWithoutOurs && endedByItself && (missed ?? (failed is [CallRecord first, ..] ? first : null)) is { } lacked)
        {
            throw new SeedLacksException(string.Join(' ', lacked.Words));
        }

        string hint = missed is not null && choice.Kind == SeedKind.Empty ? "; staging started empty: --from live shows the script what is live" : "";
        if (result.LeftOvers.Count > 0)
        {
            log.Note($"the script left {result.LeftOvers.Count} process(es) running in staging, which ended with it: {string.Join(", ", result.LeftOvers)}");
        }

        string? failure = result switch
        {
            { TimedOut: true } => $"did not end within {options.Timeout?.TotalSeconds} s and was ended",
            { Status.Signal: int signal } => $"was ended by {SignalNames.Describe(signal)}",
            { Status.Code: not 0 } when options.OnError != OnError.Ignore => $"ended with exit status {result.Status.Code}",
            _ => null,
        };
        if (failure is null && failed.Count == 0)
        {
            return;
        }

        string commands = $"failed firewall commands ({Describe(failed)}){UserNamespace.Advice(failed)}";
        throw new ScriptFailedException(
            failure is null
                ? $"{options.Script.Name} went on after {commands}; the live firewall is untouched (--on-error ignore lets it pass)"
                : $"{options.Script.Name} {failure}{(failed.Count == 0 ? "" : $", {commands}")}; the live firewall is untouched{hint}",
            result);
    }

    private static string Describe(IReadOnlyList<CallRecord> failed) => string.Join("; ", failed.Take(FailedCalls.MostDescribed).Select(call => call.ToString()))
        + (failed.Count > FailedCalls.MostDescribed ? "; ..." : "");
}
