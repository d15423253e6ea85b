namespace IptablesAtom.Netlink.Linux;

/// <summary>A process that cannot be mistaken for a later one of the same number (pidfd_open(2)).</summary>
internal sealed class ProcessHandle : IDisposable
{
    private readonly Descriptor _file;

    private ProcessHandle(Descriptor file) => _file = file;

    /// <summary>Opens a process of which the caller knows that it has not been waited for yet.</summary>
    internal static ProcessHandle Open(int pid) =>
        new(new Descriptor((int)LibC.Check(LibC.syscall(LibC.NR_pidfd_open, pid, 0, 0, 0, 0))));

    /// <summary>Sends a signal; one that has ended is left alone.</summary>
    internal void Signal(int signal) => _ = LibC.syscall(LibC.NR_pidfd_send_signal, _file.Number, signal, 0, 0, 0);

    /// <summary>A copy of one of its descriptors (pidfd_getfd(2)): needs ptrace access to the process.</summary>
    internal Descriptor TakeDescriptor(int number) =>
        new((int)LibC.Check(LibC.syscall(LibC.NR_pidfd_getfd, _file.Number, number, 0, 0, 0)));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
