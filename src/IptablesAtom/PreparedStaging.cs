using System.Diagnostics;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Interception;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>
/// Staging with all that a script finds around itself but the rules: the host's likeness, its sysctls, and who answers the firewall tools. Nothing of it
/// depends on live's rules, so it is made while those are read.
/// </summary>
internal sealed class PreparedStaging : IDisposable
{
    private readonly HostCallWatch _calls;
    private readonly Stack<IDisposable> _parts = new();

    /// <summary>Makes it.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="host">Whose likeness it is; only read.</param>
    /// <param name="interruption">Ends the script.</param>
    /// <param name="acceleration">How the firewall tools are answered.</param>
    internal PreparedStaging(RunOptions options, NetworkNamespace host, Interruption interruption, Acceleration acceleration)
    {
        Acceleration = acceleration;
        long start = Stopwatch.GetTimestamp();
        LiveSysctls live = new(host);
        Namespace = StagingNamespace.Start(
            options.Script, new StagingOptions { Timeout = options.Timeout, Interruption = interruption, OutputToError = options.OutputIsData });
        _parts.Push(Namespace);
        try
        {
            _calls = new HostCallWatch(new StagingPlace(Namespace.Network, Namespace.Mounts));
            // What only looks at files and mounts is made while the mirror is: half of the time.
            BackendLinks.Prepare(Namespace, options.Backend);
            OwnThread<SysctlTree> ownSysctls = NamespaceThread.Begin(Namespace.Network, SysctlTree.ReadNetHere);
            OwnThread<SysctlShadow> shadow = new(() => SysctlShadow.Make(Namespace, live, () => ownSysctls.Result));
            _parts.Push(shadow);
            OwnThread<FirewallInterception> interception = new(() => FirewallInterception.Start(Namespace, acceleration, _calls));
            _parts.Push(interception);
            Host = StagedHost.Prepare(Namespace, ownSysctls.Result, host, live.Net, options.Network, _calls);
            _parts.Push(Host);
            Sysctls = shadow.Result;
            Interception = interception.Result;
            Elapsed = Stopwatch.GetElapsedTime(start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The namespaces.</summary>
    internal StagingNamespace Namespace { get; }

    /// <summary>The host around the script.</summary>
    internal StagedHost Host { get; }

    /// <summary>The sysctls that the script sees.</summary>
    internal SysctlShadow Sysctls { get; }

    /// <summary>Who answers the firewall tools.</summary>
    internal FirewallInterception Interception { get; }

    /// <summary>How long it took.</summary>
    internal TimeSpan Elapsed { get; }

    /// <summary>How they are answered.</summary>
    internal Acceleration Acceleration { get; }

    /// <summary>Begins to make it as the options say.</summary>
    internal static OwnThread<PreparedStaging> Begin(RunOptions options, NetworkNamespace host, Interruption interruption) =>
        new(() => new PreparedStaging(options, host, interruption, options.Exact ? Acceleration.None : Acceleration.GoingAhead));

    /// <summary>Says how it differs from the host, and how connections go.</summary>
    internal void Describe(IRunLog log)
    {
        foreach (string warning in Namespace.Warnings.Concat(Host.Warnings))
        {
            log.Note(warning);
        }

        log.Detail(Host.Network);
        if (Interception.Warning is { } unaccelerated)
        {
            log.Note(unaccelerated);
        }
    }

    /// <summary>After the script: what it did besides the firewall and its sysctls.</summary>
    internal HostActivity Activity()
    {
        HostActivity activity = new(_calls.Calls, Host.Changes());
        FirewallInterception.FindPlaces(Namespace, [.. activity.Calls.Select(call => call.Record)], ofHostTools: true);
        return activity;
    }

    /// <summary>
    /// At the very end: closing a netfilter socket waits until nf_tables has freed what was deleted in its namespace, an RCU grace period; by then it has.
    /// </summary>
    public void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }
}
