using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>System call filters whose decisions another process takes (seccomp(2), SECCOMP_RET_USER_NOTIF).</summary>
internal static unsafe class Seccomp
{
    private const int SetModeFilter = 1; // SECCOMP_SET_MODE_FILTER
    private const int GetNotificationSizes = 3; // SECCOMP_GET_NOTIF_SIZES
    private const int NewListener = 8; // SECCOMP_FILTER_FLAG_NEW_LISTENER

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        internal ushort Count;
        internal byte* Instructions;
    }

    /// <summary>True if the kernel knows notifications, and nobody above us forbids seccomp(2). Asking changes nothing.</summary>
    internal static bool HasNotifications()
    {
        ushort* sizes = stackalloc ushort[3]; // struct seccomp_notif_sizes
        return LibC.syscall(LibC.NR_seccomp, GetNotificationSizes, 0, (nint)sizes, 0, 0) == 0;
    }

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
