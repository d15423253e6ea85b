using System.Globalization;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Looks at the caller's files while it waits for its answer.</summary>
internal static class CallerFiles
{
    /// <summary>So long a shell may take to come from its request to its wait, in milliseconds: longer if it is stopped.</summary>
    private const int Patience = 1000;

    /// <summary>True if its standard error is /dev/null: the script does not want to hear of a failure.</summary>
    internal static bool DiscardsMessages(int pid) => Target(pid, 2) == "/dev/null";

    /// <summary>The regular file that its standard output goes to; null if that is anything else.</summary>
    /// <remarks>
    /// The builtin with which a shell writes its request has the request's FIFO as standard output, also for a moment after the request can be read.
    /// Then it waits for its answer, with the output that the call has.
    /// </remarks>
    internal static string? OutputFile(int pid)
    {
        _ = SpinWait.SpinUntil(() => Target(pid, 1) != InterceptionPaths.Request, Patience);
        return RegularFile(pid, 1);
    }

    /// <summary>The regular file that one of its descriptors is; null if that is anything else.</summary>
    internal static string? RegularFile(int pid, int descriptor) =>
        Target(pid, descriptor) is { } file && file.StartsWith('/') && !file.StartsWith("/dev/", StringComparison.Ordinal)
        && !file.StartsWith("/proc/", StringComparison.Ordinal) && File.Exists(file) ? file : null;

    /// <summary>What one of its descriptors is.</summary>
    internal static string? Target(int pid, int descriptor) => Target(pid, string.Create(CultureInfo.InvariantCulture, $"fd/{descriptor}"));

    /// <summary>What a link of /proc/PID says; null if it cannot be read.</summary>
    internal static string? Target(int pid, string link) => LibC.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{link}"));
}
