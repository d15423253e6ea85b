using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>Starts programs: in a chosen network namespace, with clean signals, and with no descriptor of ours but those that are named.</summary>
/// <remarks>
/// posix_spawn makes the child by CLONE_VM|CLONE_VFORK: it costs the same however large this process is, and the child has the namespaces of
/// the calling thread. The runtime ignores SIGPIPE, and exec keeps ignored signals ignored; so every signal is set back to its default,
/// except those that whoever started us had ignored (nohup, a background job).
/// </remarks>
internal static unsafe partial class Spawn
{
    private static readonly Lazy<ulong> IgnoredAtStart = new(ReadIgnored);

    /// <summary>Starts a program whose standard streams are ours.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments, the name first.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="descriptors">Which descriptor of ours it gets under which number; equal numbers pass one on that is close-on-exec.</param>
    /// <param name="pid">The new process, which the caller must wait for.</param>
    /// <returns><see cref="Errno.None"/>, or why the program was not started.</returns>
    internal static Errno TryStart(
        string path,
        IReadOnlyList<byte[]> arguments,
        IReadOnlyList<byte[]> environment,
        ReadOnlySpan<(int From, int To)> descriptors,
        out int pid)
    {
        LibC.SpawnFileActions actions;
        LibC.SpawnAttributes attributes;
        LibC.SignalSet defaults = new() { First = ~IgnoredAtStart.Value };
        LibC.SignalSet mask = default;
        using StringBlock argv = new(arguments);
        using StringBlock envp = new(environment);
        int child = 0;
        _ = LibC.posix_spawn_file_actions_init(&actions);
        _ = LibC.posix_spawnattr_init(&attributes);
        try
        {
            foreach ((int from, int to) in descriptors)
            {
                Require(LibC.posix_spawn_file_actions_adddup2(&actions, from, to), path);
            }

            Require(LibC.posix_spawnattr_setflags(&attributes, LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK), path);
            Require(LibC.posix_spawnattr_setsigdefault(&attributes, &defaults), path);
            Require(LibC.posix_spawnattr_setsigmask(&attributes, &mask), path);
            Errno errno = LibC.posix_spawn(&child, path, &actions, &attributes, argv.Vector, envp.Vector);
            pid = child;
            return errno;
        }
        finally
        {
            _ = LibC.posix_spawnattr_destroy(&attributes);
            _ = LibC.posix_spawn_file_actions_destroy(&actions);
        }
    }

    /// <summary>Makes this process another program, with our environment; returns only if that fails.</summary>
    internal static Errno Become(string path, IReadOnlyList<string> arguments)
    {
        using StringBlock argv = new(StringBlock.Encode(arguments));
        using StringBlock envp = new(ProcessEnvironment.With(null));
        _ = LibC.execve(path, argv.Vector, envp.Vector);
        return LibC.LastErrno;
    }

    /// <summary>Whether whoever started this process had it ignore a signal; then programs that we start ignore it too.</summary>
    internal static bool IsIgnored(int signal) => (IgnoredAtStart.Value & (1UL << (signal - 1))) != 0;

    /// <summary>Ignores what a terminal or a session manager sends to end a program; programs that are started get the default back.</summary>
    internal static void IgnoreInterrupts()
    {
        _ = IgnoredAtStart.Value; // before it is changed
        foreach (int signal in (ReadOnlySpan<int>)[LibC.SIGHUP, LibC.SIGINT, LibC.SIGQUIT, LibC.SIGTERM])
        {
            _ = LibC.signal(signal, LibC.SIG_IGN);
        }
    }

    /// <summary>Waits until a child of ours has ended.</summary>
    internal static ExitStatus Wait(int pid)
    {
        int status;
        while (LibC.waitpid(pid, &status, LibC.__WALL) == -1)
        {
            if (LibC.LastErrno != Errno.EINTR)
            {
                throw new LinuxException("waitpid", LibC.LastErrno);
            }
        }

        return new ExitStatus(status);
    }

    private static void Require(Errno errno, string path)
    {
        if (errno != Errno.None)
        {
            throw new SpawnException(path, errno);
        }
    }

    /// <summary>
    /// Signals that were ignored when this process started, as the kernel tells them. Not SIGPIPE, which the runtime itself ignores, and not SIGCHLD: a
    /// program whose children vanish before it can wait for them does not work.
    /// </summary>
    private static ulong ReadIgnored()
    {
        const ulong Ours = (1UL << (LibC.SIGPIPE - 1)) | (1UL << (LibC.SIGCHLD - 1));
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("SigIgn:", StringComparison.Ordinal))
            {
                return ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~Ours;
            }
        }

        return 0;
    }
}
