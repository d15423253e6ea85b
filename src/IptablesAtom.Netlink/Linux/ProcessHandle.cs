using System.Buffers.Text;
using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>A process that cannot be mistaken for a later one of the same number (pidfd_open(2)).</summary>
internal sealed class ProcessHandle : IDisposable
{
    private readonly Descriptor _file;

    private ProcessHandle(Descriptor file) => _file = file;

    /// <summary>Opens a process of which the caller knows that it has not been waited for yet.</summary>
    internal static ProcessHandle Open(int pid) =>
        new(new Descriptor((int)LibC.Check(LibC.syscall(LibC.NR_pidfd_open, pid, 0, 0, 0, 0))));

    /// <summary>Opens the process of a thread; null when it has ended.</summary>
    internal static ProcessHandle? TryOpenThread(int tid)
    {
        nint file = LibC.syscall(LibC.NR_pidfd_open, tid, LibC.PIDFD_THREAD, 0, 0, 0);
        if (file == -1 && LibC.LastErrno == Errno.EINVAL)
        {
            // Before 6.9 there are only handles of whole processes, by the number of their first thread.
            file = LibC.syscall(LibC.NR_pidfd_open, ProcessOf(tid), 0, 0, 0, 0);
        }

        return file == -1 ? null : new ProcessHandle(new Descriptor((int)file));
    }

    /// <summary>Sends a signal; one that has ended is left alone.</summary>
    internal void Signal(int signal) => _ = LibC.syscall(LibC.NR_pidfd_send_signal, _file.Number, signal, 0, 0, ConnectFilter.OwnSignal);

    /// <summary>A copy of one of its descriptors (pidfd_getfd(2)): needs ptrace access to the process.</summary>
    internal Descriptor TakeDescriptor(int number) =>
        new((int)LibC.Check(LibC.syscall(LibC.NR_pidfd_getfd, _file.Number, number, 0, 0, 0)));

    /// <summary>The same; null when it has no such descriptor, or may not be looked into.</summary>
    internal Descriptor? TryTakeDescriptor(int number)
    {
        nint taken = LibC.syscall(LibC.NR_pidfd_getfd, _file.Number, number, 0, 0, 0);
        return taken == -1 ? null : new Descriptor((int)taken);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The process that a descriptor of another's is for; int.MaxValue, which is none's number, when it has ended or is no process's.</summary>
    /// <remarks>pidfd_send_signal(2) also takes a descriptor of the directory /proc/PID, as killall uses it.</remarks>
    internal static int ProcessOf(int tid, int descriptor)
    {
        if (Number(string.Create(CultureInfo.InvariantCulture, $"/proc/{tid}/fdinfo/{descriptor}"), "\nPid:\t"u8) is int process and > 0)
        {
            return process;
        }

        // Null if it ended meanwhile: nobody gets the signal.
        string? path = LibC.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{tid}/fd/{descriptor}"));
        return path is not null && path.StartsWith("/proc/", StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int named) ? named : int.MaxValue;
    }

    /// <summary>The line "Tgid:" of /proc/TID/status; 0 when the thread has ended.</summary>
    private static int ProcessOf(int tid) => Number(string.Create(CultureInfo.InvariantCulture, $"/proc/{tid}/status"), "\nTgid:\t"u8) ?? 0;

    private static int? Number(string path, ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> text = KernelFile.TryRead(path) ?? [];
        int start = text.IndexOf(before);
        return start >= 0 && Utf8Parser.TryParse(text[(start + before.Length)..], out int number, out _) ? number : null;
    }
}
