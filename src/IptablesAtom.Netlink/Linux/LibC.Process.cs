using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGQUIT = 3;
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal const int SIGCHLD = 17;

    internal const int WNOHANG = 1;
    internal const int __WALL = 0x40000000;

    internal const int PR_SET_NAME = 15;
    internal const int PR_SET_CHILD_SUBREAPER = 36;

    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;

    internal const int F_SETPIPE_SZ = 1031;
    internal const uint MFD_CLOEXEC = 1;

    internal const int X_OK = 1;

    /// <summary>sigset_t: bit N-1 is signal N.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalSet
    {
        internal ulong First;
    }

    /// <summary>posix_spawn_file_actions_t: 80 bytes in glibc and musl; some room is left.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct SpawnFileActions;

    /// <summary>posix_spawnattr_t: 336 bytes in glibc and musl; some room is left.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 512)]
    internal struct SpawnAttributes;

    // The posix_spawn family returns the error number and leaves errno alone.

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Errno posix_spawn(
        int* pid, string path, SpawnFileActions* actions, SpawnAttributes* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawn_file_actions_init(SpawnFileActions* actions);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawn_file_actions_destroy(SpawnFileActions* actions);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawn_file_actions_adddup2(SpawnFileActions* actions, int from, int to);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawnattr_init(SpawnAttributes* attributes);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawnattr_destroy(SpawnAttributes* attributes);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawnattr_setflags(SpawnAttributes* attributes, short flags);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawnattr_setsigdefault(SpawnAttributes* attributes, SignalSet* signals);

    [LibraryImport(Library)]
    internal static partial Errno posix_spawnattr_setsigmask(SpawnAttributes* attributes, SignalSet* signals);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int execve(string path, byte** arguments, byte** environment);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    internal const nint SIG_IGN = 1;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint signal(int signal, nint handler);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setsid();

    [LibraryImport(Library)]
    internal static partial int getpgrp();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetpgrp(int terminal);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int pipe2(int* ends, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int memfd_create(string name, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial long lseek(int fd, long offset, int whence);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chdir(string path);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);
}
