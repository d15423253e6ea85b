using System.Runtime.InteropServices;
using System.Text;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;

    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;
    internal const int LOCK_UN = 8;

    internal const short POLLIN = 1;
    internal const short POLLHUP = 0x10;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Revents;
    }

    /// <summary>struct stat, x86-64 and arm64 differ after st_ino: only the first two members are read.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct Stat
    {
        internal ulong Device;
        internal ulong Inode;
    }

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, uint mode);

    /// <summary>The mode bits of an open file (statx(2), whose layout is the same on all architectures).</summary>
    internal static uint ModeOf(int fd)
    {
        const int EmptyPath = 0x1000; // AT_EMPTY_PATH
        const uint Mode = 2; // STATX_MODE
        byte* buffer = stackalloc byte[256]; // struct statx: u16 stx_mode at 28
        Check(statx(fd, "", EmptyPath, Mode, buffer));
        return (uint)(*(ushort*)(buffer + 28) & 0xfff);
    }

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* buffer);

    /// <summary>Where a symbolic link points to (readlink(2)); null if the path is none.</summary>
    internal static string? ReadLink(string path)
    {
        byte* target = stackalloc byte[4096]; // PATH_MAX
        nint length = readlink(path, target, 4096);
        return length == -1 ? null : Encoding.UTF8.GetString(target, (int)length);
    }

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlink(string path, byte* target, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsync(int fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstat(int fd, Stat* buffer);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(int fd, uint mode);

    [LibraryImport(Library)]
    internal static partial uint umask(uint mask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int inotify_add_watch(int fd, string path, uint mask);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int link(string existing, string created);
}
