using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>Names of signals for messages.</summary>
public static class SignalNames
{
    /// <summary><c>signal 9 (SIGKILL)</c>, or the number alone where it has no common name.</summary>
    /// <param name="signal">The signal's number on x86-64 and arm64.</param>
    public static string Describe(int signal) => Name(signal) is { } name ? $"signal {signal} ({name})" : $"signal {signal}";

    /// <summary>As kill(1) takes it: <c>HUP</c>, or the number.</summary>
    internal static string Short(int signal) => Name(signal)?[3..] ?? signal.ToString(CultureInfo.InvariantCulture);

    private static string? Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => null,
    };
}
