using System.Globalization;
using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>The processes below this one.</summary>
/// <remarks>
/// A process that is a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER) becomes the parent of every descendant whose own parent ended, whatever session,
/// group or namespace it went to. So nothing started below it is ever lost to it, and "no child left" (ECHILD) proves that none of them runs.
/// </remarks>
internal static unsafe class ProcessTree
{
    /// <summary>From now on, orphans below this process become its children.</summary>
    internal static void BecomeReaper() => LibC.Check(LibC.prctl(LibC.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));

    /// <summary>The name by which ps, pidof and killall know this process.</summary>
    /// <param name="name">NUL-ended, 15 characters at most.</param>
    internal static void NameSelf(ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
        {
            _ = LibC.prctl(LibC.PR_SET_NAME, (nuint)start, 0, 0, 0);
        }
    }

    /// <summary>Waits for any child to end; null when there is none.</summary>
    internal static (int Pid, ExitStatus Status)? WaitAny()
    {
        while (true)
        {
            int status;
            int pid = LibC.waitpid(-1, &status, LibC.__WALL);
            if (pid > 0)
            {
                return (pid, new ExitStatus(status));
            }

            if (LibC.LastErrno == Errno.ECHILD)
            {
                return null;
            }
        }
    }

    /// <summary>Takes the statuses of children that have ended; true while there are others.</summary>
    internal static bool ReapEnded()
    {
        while (true)
        {
            int status;
            int pid = LibC.waitpid(-1, &status, LibC.__WALL | LibC.WNOHANG);
            if (pid == 0)
            {
                return true;
            }

            if (pid == -1 && LibC.LastErrno == Errno.ECHILD)
            {
                return false;
            }
        }
    }

    /// <summary>Sends a signal to every process below this one.</summary>
    internal static void Signal(int signal)
    {
        foreach ((int pid, _) in Descendants())
        {
            Send(pid, signal);
        }
    }

    /// <summary>
    /// Ends every process below this one and reaps it. Killed at once, not asked: a daemon that is asked to end may first take its rules away,
    /// and the result of the script would depend on how far it came.
    /// </summary>
    /// <returns>What ran, in words; a process in the kernel's uninterruptible sleep may outlive the wait of 10 s.</returns>
    internal static List<string> End()
    {
        Dictionary<int, string> ended = [];
        for (int round = 0; round < 1000 && ReapEnded(); round++)
        {
            foreach ((int pid, string name) in Descendants())
            {
                if (ended.TryAdd(pid, name))
                {
                    ended[pid] = Describe(pid, name);
                }

                Send(pid, LibC.SIGKILL);
            }

            Thread.Sleep(Math.Min(round, 10));
        }

        return [.. ended.OrderBy(entry => entry.Key).Select(entry => entry.Value)];
    }

    /// <summary>
    /// By a handle, not by kill(2): <see cref="ConnectFilter.OwnSignal"/>.
    /// </summary>
    private static void Send(int pid, int signal)
    {
        using ProcessHandle? process = ProcessHandle.TryOpenThread(pid);
        process?.Signal(signal); // gone meanwhile is as good
    }

    /// <summary>Every process whose chain of parents leads to this one and that has not ended.</summary>
    private static List<(int Pid, string Name)> Descendants()
    {
        Dictionary<int, ProcessStatus> all = ProcessStatus.All();
        int self = Environment.ProcessId;
        List<(int, string)> result = [];
        foreach ((int pid, ProcessStatus status) in all)
        {
            int ancestor = status.Parent;
            for (int depth = 0; ancestor != self && depth < all.Count && all.TryGetValue(ancestor, out ProcessStatus above); depth++)
            {
                ancestor = above.Parent;
            }

            if (ancestor == self && status.State is not ('Z' or 'X'))
            {
                result.Add((pid, status.Name));
            }
        }

        return result;
    }

    private static string Describe(int pid, string name)
    {
        string line = (TryRead(pid, "cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{pid} {(line.Length == 0 ? name : line.Length > 120 ? line[..120] + "..." : line)}");
    }

    private static string? TryRead(int pid, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"), Encoding.UTF8);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile
        }
    }
}
