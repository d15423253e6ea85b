using IptablesAtom.Planning;
using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Interception;
using IptablesAtom.Staging.Outbound;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

/// <summary>What the user asked for.</summary>
public sealed record RunOptions
{
    /// <summary>How long to wait for locks unless told otherwise.</summary>
    public static readonly TimeSpan DefaultLockWait = TimeSpan.FromSeconds(10);

    /// <summary>The script and its arguments.</summary>
    public required ScriptCommand Script { get; init; }

    /// <summary>NAME, PATH or PID of the live namespace; null for the caller's own.</summary>
    public string? Netns { get; init; }

    /// <summary>What staging starts with.</summary>
    public SeedFrom From { get; init; } = SeedFrom.Auto;

    /// <summary>Which iptables the plain names mean inside the script.</summary>
    public BackendChoice Backend { get; init; } = BackendChoice.Auto;

    /// <summary>What the script's own connections may reach.</summary>
    public NetworkAccess Network { get; init; } = NetworkAccess.Host;

    /// <summary>How long the script may run; null for as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What becomes of the sysctls that the script sets.</summary>
    public SysctlMode Sysctl { get; init; } = SysctlMode.Apply;

    /// <summary>True if what the script does besides the firewall shall be repeated on live after the commit.</summary>
    public bool Replay { get; init; }

    /// <summary>True for no acceleration: every firewall command is run by the real tool as it comes.</summary>
    public bool Exact { get; init; }

    /// <summary>Which failed firewall commands of the script end the run.</summary>
    public OnError OnError { get; init; } = OnError.Fail;

    /// <summary>Whose is what in live.</summary>
    public MergeOptions Merge { get; init; } = new();

    /// <summary>True if the plan shall carry the words of its rules: that asks the <c>*-save</c> tools.</summary>
    public bool Describe { get; init; }

    /// <summary>True if our standard output is data for programs: what the script writes to its own then goes to standard error.</summary>
    public bool OutputIsData { get; init; }

    /// <summary>How long to wait for the xtables lock of live.</summary>
    public TimeSpan LockWait { get; init; } = DefaultLockWait;

    /// <summary>The text by which the next run knows this source again: the script's full path and its arguments.</summary>
    internal string Source => string.Join(' ', [Path.GetFullPath(Script.Resolve()), .. Script.Words.Skip(1)]);
}
