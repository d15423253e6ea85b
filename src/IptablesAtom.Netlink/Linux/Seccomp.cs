using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>System call filters whose decisions another process takes (seccomp(2), SECCOMP_RET_USER_NOTIF).</summary>
internal static unsafe class Seccomp
{
    private const int SetModeFilter = 1; // SECCOMP_SET_MODE_FILTER
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int NewListener = 8; // SECCOMP_FILTER_FLAG_NEW_LISTENER

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        internal ushort Count;
        internal byte* Instructions;
    }

    /// <summary>
    /// True if calls can be watched and their sockets replaced: the kernel knows it (Linux 5.9), nobody above us forbids it, or has the one listener that
    /// a process may have. It is tried with a filter that lets everything pass, on a thread that then ends.
    /// </summary>
    internal static bool HasNotifications() => new OwnThread<bool>(() =>
    {
        _ = LibC.prctl(NoNewPrivileges, 1, 0, 0, 0); // an ordinary user may install a filter only so; it holds for the thread
        try
        {
            using Descriptor listener = InstallListener(ConnectFilter.PassAll());
            using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
            using Descriptor copy = self.TakeDescriptor(listener.Number);
            LibC.SeccompAddDescriptor add = new() { Source = -1 };
            // A kernel that has the request looks for the descriptor first; another one finds the request invalid.
            return LibC.ioctl(copy.Number, LibC.SECCOMP_IOCTL_NOTIF_ADDFD, &add) == -1 && LibC.LastErrno == Errno.EBADF;
        }
        catch (LinuxException)
        {
            return false;
        }
    }).Result;

    /// <summary>
    /// Puts a filter on the calling thread, for good, and on every program started from it. No PR_SET_NO_NEW_PRIVS: CAP_SYS_ADMIN is enough,
    /// and sudo keeps working in the script.
    /// </summary>
    /// <param name="program">Classic BPF, 8 bytes an instruction.</param>
    /// <returns>The descriptor by which the decisions are taken.</returns>
    internal static Descriptor InstallListener(ReadOnlySpan<byte> program)
    {
        fixed (byte* start = program)
        {
            FilterProgram filter = new() { Count = checked((ushort)(program.Length / 8)), Instructions = start };
            nint listener = LibC.syscall(LibC.NR_seccomp, SetModeFilter, NewListener, (nint)(&filter), 0, 0);
            return listener == -1 ? throw new LinuxException("seccomp", LibC.LastErrno) : new Descriptor((int)listener);
        }
    }
}
