using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Staging.Interception;

/// <summary>Stands between the script and the firewall tools: faster, with the same result, and it knows every call.</summary>
/// <remarks>
/// <para>Model: a small program before each tool, and shell functions where they cannot be noticed, ask a server in this
/// process. It batches what it understands, and sends the rest on to the real tools.</para>
/// <para>Threading: one thread of its own; start and finish it from any.</para>
/// </remarks>
internal sealed class FirewallInterception : IDisposable
{
    private readonly InterceptionServer? _server;

    private FirewallInterception(InterceptionServer? server, Backend? plain) => (_server, Plain) = (server, plain);

    /// <summary>Why there is no interception, a sentence; null if there is.</summary>
    internal string? Warning { get; private init; }

    /// <summary>Where the rules of plain <c>iptables</c> go; null if that is not known.</summary>
    internal Backend? Plain { get; }

    /// <summary>The calls, in order; none before <see cref="Finish"/>.</summary>
    internal IReadOnlyList<CallRecord> Calls { get; private set; } = [];

    /// <summary>Number of calls so far, for progress.</summary>
    internal int CallCount => _server?.CallCount ?? 0;

    /// <summary>Those of them that add a rule.</summary>
    internal int RuleCount => _server?.RuleCount ?? 0;

    /// <summary>Sets it up in staging, before the script runs there.</summary>
    /// <param name="staging">It stands, is filled, and outlives this.</param>
    /// <param name="acceleration">None: every call goes to the real tool, and is recorded.</param>
    /// <param name="hostCalls">Takes down what the script does besides the firewall.</param>
    internal static FirewallInterception Start(StagingNamespace staging, Acceleration acceleration, HostCallWatch hostCalls)
    {
        string? path = staging.Variables.TryGetValue("PATH", out string? own) ? own : null;
        (ToolFiles tools, HostToolFiles hostTools) = staging.RunInside(() => (ToolFiles.Find(path), HostToolFiles.Find(staging.ScriptPath, path)));
        ShellFunctions functions = ShellFunctions.For(staging.ScriptPath, tools, acceleration);
        FirewallInterception interception;
        try
        {
            interception = Start(staging.Network, staging.Mounts, tools, functions, acceleration != Acceleration.None, hostTools: hostTools, hostCalls: hostCalls);
        }
        catch (LinuxException failure)
        {
            // The first mount is what can be refused; without it the real tools are where they were.
            return new FirewallInterception(null, tools.Plain)
            {
                Warning = $"firewall commands run unaccelerated, and failed ones and calls of other programs go unnoticed: {failure.Message}",
            };
        }

        if (functions.Interpreter is [var program, ..])
        {
            staging.Program = program;
            staging.Arguments[0] = staging.ScriptPath;
            for (int i = 0; i < functions.Interpreter.Count; i++)
            {
                staging.Arguments.Insert(i, functions.Interpreter[i]);
            }
        }

        if (UserNamespace.IsInside)
        {
            staging.Variables["XTABLES_LOCKFILE"] = $"{InterceptionPaths.Locks}/script"; // it may not create /run/xtables.lock
        }

        foreach ((string name, string value) in functions.Environment)
        {
            staging.Variables[name] = value;
        }

        return interception;
    }

    /// <summary>Sets it up in namespaces that stand, before the script runs there.</summary>
    /// <param name="network">Staging's network namespace.</param>
    /// <param name="mounts">The script's mount namespace; must stay open until <see cref="Finish"/>.</param>
    /// <param name="tools">The tools of this machine.</param>
    /// <param name="functions">The shell functions, or none.</param>
    /// <param name="accelerate">False: every call goes to the real tool, and is recorded.</param>
    /// <param name="shimTellsStatus">True: as on a kernel that keeps no exit status for us.</param>
    /// <param name="shim">Another shim than the one that is part of the program.</param>
    /// <param name="hostTools">Other programs to stand before.</param>
    /// <param name="hostCalls">Takes down their calls.</param>
    /// <param name="patience">See <see cref="TableSession.Patience"/>.</param>
    internal static FirewallInterception Start(
        NetworkNamespace network,
        MountNamespace mounts,
        ToolFiles tools,
        ShellFunctions functions,
        bool accelerate,
        bool shimTellsStatus = false,
        byte[]? shim = null,
        HostToolFiles? hostTools = null,
        HostCallWatch? hostCalls = null,
        int patience = TableSession.Patience)
    {
        StagingPlace place = new(network, mounts);
        (Descriptor listener, FunctionChannel channel) = place.Run(() =>
        {
            InterceptionMounts.Make(tools, hostTools ?? HostToolFiles.None, functions, shim ?? Shim.Bytes);
            return (InterceptionMounts.Listen(), new FunctionChannel());
        });
        Lazy<SelfTest> test = new(() => SelfTest.Run(place, tools)); // a small script whose shell has functions never needs it
        Interceptor? interceptor = accelerate ? new Interceptor(place, tools.Plain, test, patience) : null;
        AheadSocket? ahead = functions.MayGoAhead ? new AheadSocket(place, functions.ScriptFile!) : null;
        return new FirewallInterception(
            new InterceptionServer(interceptor, listener, channel, ahead, new Lazy<bool>(() => shimTellsStatus || !test.Value.KernelKeepsStatus), hostCalls ?? new HostCallWatch(place)), tools.Plain);
    }

    /// <summary>Commits what waits and stops. Nothing of the script may run any more.</summary>
    /// <exception cref="DivergenceException">The script has to be run again without acceleration.</exception>
    internal void Finish() => Calls = _server?.Finish() ?? [];

    /// <summary>Lets go of the calls.</summary>
    internal void Forget() => Calls = [];

    /// <summary>The failed calls that end the run, with their places.</summary>
    /// <param name="staging">Where the script ran.</param>
    /// <param name="mode">Which those are.</param>
    internal IReadOnlyList<CallRecord> Failed(StagingNamespace staging, OnError mode)
    {
        IReadOnlyList<CallRecord> failed = FailedCalls.Of(Calls, mode);
        if (failed.Count == 0)
        {
            return failed;
        }

        FindPlaces(staging, failed);
        FailedCallInquiry inquiry = new(staging);
        if (mode == OnError.Fail)
        {
            failed = [.. failed.Where(call => call.IsHandled != true && !inquiry.IsThereAnyway(call))];
        }

        foreach (CallRecord call in failed.Take(FailedCalls.MostDescribed))
        {
            call.Message = inquiry.Message(call);
        }

        return failed;
    }

    /// <summary>The calls with their places, those that restore tools amount to included: what the origins of rules are found in.</summary>
    internal IEnumerable<CallRecord> RuleCalls(StagingNamespace staging)
    {
        (string name, string script) = ScriptText(staging);
        CallPlaces.Find(Calls, name, script);
        return Calls.SelectMany(call => call.Status is null or 0 && RestoreText.IsRestore(call.Tool) ? RestoreText.Calls(call, script) : [call]);
    }

    /// <summary>
    /// Gives calls their file and line, as far as they have none yet; calls of firewall tools, or of <see cref="HostTools"/>.
    /// A program or a script that cannot be read has no lines: then only its name is known.
    /// </summary>
    internal static void FindPlaces(StagingNamespace staging, IReadOnlyList<CallRecord> calls, bool ofHostTools = false)
    {
        if (calls.Count == 0)
        {
            return;
        }

        (string name, string text) = ScriptText(staging);
        CallPlaces.Find(calls, name, text, ofHostTools ? HostTools.Word : null);
    }

    /// <summary>The script as the user named it, and its text. Of <c>bash FILE</c> and <c>busybox sh FILE</c> it is the file.</summary>
    private static (string Name, string Text) ScriptText(StagingNamespace staging)
    {
        if (TextOf(staging.ScriptPath) is { } script)
        {
            return (staging.Command.Name, script);
        }

        foreach (string word in staging.Command.Words.Skip(1).Where(word => !word.StartsWith('-')).Take(2))
        {
            if (TextOf(word) is { } text)
            {
                return (word, text);
            }
        }

        return (staging.Command.Name, "");
    }

    /// <summary>Null of a compiled program, of what cannot be read, and of what has no length: reading a pipe would wait.</summary>
    private static string? TextOf(string path)
    {
        try
        {
            byte[] bytes = new FileInfo(path) is { Exists: true, Length: > 0 } ? File.ReadAllBytes(path) : [];
            return bytes.Length == 0 || bytes.AsSpan().StartsWith("\u007fELF"u8) ? null : Encoding.UTF8.GetString(bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _server?.Dispose();
}
