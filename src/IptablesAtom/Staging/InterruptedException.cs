using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>A signal asked this program to end before the commit. Live is untouched; the exit status is 128 + the signal.</summary>
public sealed class InterruptedException : AtomException
{
    internal InterruptedException(int signal)
        : base($"ended by {SignalNames.Describe(signal)}; the live firewall is untouched") => Signal = signal;

    /// <summary>The signal's number.</summary>
    public int Signal { get; }
}
