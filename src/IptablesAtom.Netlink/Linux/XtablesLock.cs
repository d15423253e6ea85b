using System.Diagnostics;
using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// The lock that the legacy tools take around each of their reads and replaces of a table: flock on a file, exclusive. Held until
/// it is disposed of, or the process ends.
/// </summary>
internal sealed unsafe class XtablesLock : IDisposable
{
    private const int PollMilliseconds = 10;
    private readonly Descriptor _file;

    private XtablesLock(Descriptor file) => _file = file;

    /// <summary>Where the tools look: XTABLES_LOCKFILE, else /run/xtables.lock.</summary>
    internal static string DefaultPath =>
        Environment.GetEnvironmentVariable("XTABLES_LOCKFILE") is { Length: > 0 } path ? path : "/run/xtables.lock";

    /// <summary>Takes the lock.</summary>
    /// <param name="wait">How long to wait for another holder; zero: not at all.</param>
    /// <param name="path">The lock's file.</param>
    /// <exception cref="LockException">Another program still holds it.</exception>
    internal static XtablesLock Take(TimeSpan wait, string path) => Take(wait, path, $"the xtables lock {path}");

    /// <summary>The same for another file that programs agree on.</summary>
    /// <param name="wait">How long to wait for another holder; zero: not at all.</param>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is called in messages.</param>
    internal static XtablesLock Take(TimeSpan wait, string path, string what)
    {
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180); // 0600, as the tools do
        if (fd == -1)
        {
            throw new LinuxException($"open of {what}", LibC.LastErrno);
        }

        Descriptor file = new(fd);
        try
        {
            long start = Stopwatch.GetTimestamp();
            while (LibC.flock(file.Number, LibC.LOCK_EX | LibC.LOCK_NB) == -1)
            {
                // Polled: a blocking flock can be ended only by a signal, and signals are the caller's business.
                switch (LibC.LastErrno)
                {
                    case Errno.EINTR:
                        break;
                    case Errno.EAGAIN when Stopwatch.GetElapsedTime(start) < wait:
                        Thread.Sleep(PollMilliseconds);
                        break;
                    case Errno.EAGAIN:
                        throw new LockException(what, wait, HolderOf(file));
                    case var errno:
                        throw new LinuxException($"flock of {what}", errno);
                }
            }

            return new XtablesLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The process that /proc/locks names for the file: <c>N: FLOCK ADVISORY WRITE pid major:minor:inode 0 EOF</c>.</summary>
    private static int? HolderOf(Descriptor file)
    {
        LibC.Stat stat;
        LibC.Check(LibC.fstat(file.Number, &stat));
        string inode = string.Create(CultureInfo.InvariantCulture, $":{stat.Inode}");
        foreach (string line in File.Exists("/proc/locks") ? File.ReadLines("/proc/locks") : [])
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 5 && words[1] == "FLOCK" && words[5].EndsWith(inode, StringComparison.Ordinal)
                && int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0)
            {
                return pid;
            }
        }

        return null;
    }
}
