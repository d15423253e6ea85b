using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>A call that the real tool runs now.</summary>
internal sealed unsafe class ForwardedCall(CallRecord record, bool isMutating, Descriptor? process) : IDisposable
{
    /// <summary>_IOWR(0xff, 11, struct pidfd_info of 64 bytes).</summary>
    private const nuint PIDFD_GET_INFO = 0xC040FF0B;
    private const ulong PIDFD_INFO_EXIT = 1 << 3;

    private bool _hasEnded;

    /// <summary>struct pidfd_info, its first form.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct PidfdInfo
    {
        [FieldOffset(0)]
        internal ulong Mask;

        [FieldOffset(60)]
        internal int ExitCode;
    }

    internal CallRecord Record => record;

    /// <summary>True while it runs and may change something.</summary>
    internal bool IsBusy => isMutating && !_hasEnded;

    /// <summary>True if nothing more can be learned of it.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>The caller itself said how it ended.</summary>
    internal void End(int status)
    {
        record.Status = status;
        _hasEnded = true;
        IsOver = true;
    }

    /// <summary>The caller is gone without a word.</summary>
    internal void Abandon() => (_hasEnded, IsOver) = (true, true);

    /// <summary>
    /// Looks whether the process has ended. A pidfd is readable from its end on; from the moment its parent has taken the status on
    /// it says "hung up" too, and then the kernel (since 6.15) tells that status to us as well.
    /// </summary>
    internal void Look()
    {
        if (process is null || IsOver)
        {
            return;
        }

        LibC.PollFd polled = new() { Fd = process.Number, Events = LibC.POLLIN };
        if (LibC.poll(&polled, 1, 0) <= 0)
        {
            return;
        }

        _hasEnded = true;
        if ((polled.Revents & LibC.POLLHUP) != 0)
        {
            record.Status = StatusOf(process) is { } status ? new ExitStatus(status).ShellCode : null;
            IsOver = true;
        }
    }

    /// <summary>The wait status of a process that has ended and was waited for; null if the kernel does not keep it.</summary>
    internal static int? StatusOf(Descriptor process)
    {
        PidfdInfo info = new() { Mask = PIDFD_INFO_EXIT };
        return LibC.ioctl(process.Number, PIDFD_GET_INFO, &info) == 0 && (info.Mask & PIDFD_INFO_EXIT) != 0 ? info.ExitCode : null;
    }

    /// <summary>A descriptor of a process; null if it is gone already.</summary>
    internal static Descriptor? OpenProcess(int pid)
    {
        nint fd = LibC.syscall(LibC.NR_pidfd_open, pid, 0, 0, 0, 0);
        return fd < 0 ? null : new Descriptor((int)fd);
    }

    /// <inheritdoc/>
    public void Dispose() => process?.Dispose();
}
