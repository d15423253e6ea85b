using IptablesAtom.Committing;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>A script that has run in staging: what staging started with, and what the script made of it.</summary>
internal sealed class Stage : IDisposable
{
    private readonly StagingNamespace _staging;
    private readonly StagedHost _host;
    private readonly SeedPlan _choice;
    private readonly Base _base;
    private readonly Snapshot _seed;

    private Stage(StagingNamespace staging, StagedHost host, SeedPlan choice, Base ours, Snapshot seed, Snapshot result)
    {
        _staging = staging;
        _host = host;
        _choice = choice;
        _base = ours;
        _seed = seed;
        Result = result;
    }

    /// <summary>Staging when the script had ended.</summary>
    internal Snapshot Result { get; }

    /// <summary>What the script set, in its order.</summary>
    internal IReadOnlyList<SysctlChange> Sysctls { get; private init; } = [];

    /// <summary>Why staging started with what it did.</summary>
    internal string SeedReason => _choice.Reason;

    /// <summary>The staging namespace.</summary>
    internal NetworkNamespace Network => _staging.Network;

    /// <summary>Makes staging, fills it, and runs the script in it.</summary>
    /// <exception cref="ScriptFailedException">The script did not end well.</exception>
    internal static Stage Run(RunOptions options, NetworkNamespace host, Snapshot live, Base ours, IRunLog log, Interruption interruption)
    {
        SeedPlan choice = SeedPlan.Choose(options.From, options.Source, ours, live);
        LiveSysctls liveSysctls = new(host);
        StagingNamespace staging = StagingNamespace.Start(
            options.Script, new StagingOptions { Timeout = options.Timeout, Interruption = interruption });
        StagedHost? likeness = null;
        try
        {
            likeness = StagedHost.Prepare(staging, host, options.Network);
            foreach (string warning in staging.Warnings.Concat(likeness.Warnings))
            {
                log.Note(warning);
            }

            BackendLinks.Prepare(staging, options.Backend);
            Snapshot seed = Seed.Fill(choice.Content, staging.Network);
            log.Detail(choice.Reason);
            using SysctlShadow sysctls = SysctlShadow.Make(staging, liveSysctls);
            ScriptResult result = staging.Run();
            Judge(options, result, log);
            foreach (string sentence in likeness.Activity())
            {
                log.Note(sentence);
            }

            return new Stage(staging, likeness, choice, ours, seed, SnapshotReader.Read(staging.Network)) { Sysctls = sysctls.Read() };
        }
        catch
        {
            likeness?.Dispose();
            staging.Dispose();
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
        Live = live,
        Options = options.Merge,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.Dispose();
        _staging.Dispose();
    }

    private static void Judge(RunOptions options, ScriptResult result, IRunLog log)
    {
        if (result.LeftOvers.Count > 0)
        {
            log.Note($"the script left {result.LeftOvers.Count} process(es) running in staging, which ended with it: {string.Join(", ", result.LeftOvers)}");
        }

        string? failure = result switch
        {
            { TimedOut: true } => $"did not end within {options.Timeout?.TotalSeconds} s and was ended",
            { Status.Signal: int signal } => $"was ended by {SignalNames.Describe(signal)}",
            { Status.Code: not 0 } => $"ended with exit status {result.Status.Code}",
            _ => null,
        };
        if (failure is not null)
        {
            throw new ScriptFailedException($"{options.Script.Name} {failure}; the live firewall is untouched", result);
        }
    }
}
