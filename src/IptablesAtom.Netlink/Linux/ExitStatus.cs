namespace IptablesAtom.Netlink.Linux;

/// <summary>How a process ended: with an exit status, or by a signal.</summary>
/// <param name="Raw">The status as wait(2) gives it.</param>
public readonly record struct ExitStatus(int Raw)
{
    /// <summary>The exit status, 0 to 255; null when a signal ended the process.</summary>
    public int? Code => (Raw & 0x7f) == 0 ? (Raw >> 8) & 0xff : null;

    /// <summary>The signal that ended the process; null when it exited by itself.</summary>
    public int? Signal => (Raw & 0x7f) == 0 ? null : Raw & 0x7f;

    /// <summary>Whether it exited by itself with 0.</summary>
    public bool IsSuccess => Raw == 0;

    /// <summary>As the shell's <c>$?</c> has it: the exit status, or 128 + the signal.</summary>
    public int ShellCode => Code ?? (128 + Signal!.Value);

    /// <inheritdoc/>
    public override string ToString() => Code is int code ? $"exit status {code}" : SignalNames.Describe(Signal!.Value);
}
