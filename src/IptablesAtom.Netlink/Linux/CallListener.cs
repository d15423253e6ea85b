namespace IptablesAtom.Netlink.Linux;

/// <summary>The listener of a <see cref="ConnectFilter"/>: takes the calls that wait, and answers them.</summary>
/// <param name="listener">The filter's descriptor; owned.</param>
/// <remarks>
/// An answer to a call that has been interrupted meanwhile fails, and is nobody's loss. While a listener is open and nobody answers, callers wait.
/// </remarks>
internal sealed unsafe class CallListener(Descriptor listener) : IDisposable
{
    /// <summary>Waits for the next call.</summary>
    /// <param name="stop">A descriptor whose close at the other end ends the waiting.</param>
    /// <returns>Null when told to stop, or when no task with the filter is left.</returns>
    internal WatchedCall? Next(int stop)
    {
        LibC.PollFd* polled = stackalloc LibC.PollFd[2];
        while (true)
        {
            polled[0] = new LibC.PollFd { Fd = listener.Number, Events = LibC.POLLIN };
            polled[1] = new LibC.PollFd { Fd = stop, Events = LibC.POLLIN };
            if (LibC.poll(polled, 2, -1) == -1)
            {
                continue;
            }

            if (polled[1].Revents != 0 || (polled[0].Revents & LibC.POLLIN) == 0)
            {
                return null;
            }

            LibC.SeccompNotification call = default; // the kernel wants it zeroed
            if (LibC.ioctl(listener.Number, LibC.SECCOMP_IOCTL_NOTIF_RECV, &call) == 0)
            {
                if (ConnectFilter.IsSignal(call.Number))
                {
                    int target = (int)call.Arguments[0];
                    target = ConnectFilter.IsByHandle(call.Number) ? ProcessHandle.ProcessOf(call.Task, target) : target;
                    return new WatchedCall(call.Id, call.Task, target, 0, (int)call.Arguments[1]) { IsSignal = true };
                }

                bool sends = ConnectFilter.IsSendTo(call.Number);
                return new WatchedCall(
                    call.Id, call.Task, (int)call.Arguments[0], (nuint)call.Arguments[sends ? 4 : 1], (int)call.Arguments[sends ? 5 : 2]);
            }

            if (LibC.LastErrno is not (Errno.EINTR or Errno.ENOENT))
            {
                return null;
            }
        }
    }

    /// <summary>Puts a descriptor of ours in the place of the caller's socket.</summary>
    internal bool Replace(WatchedCall call, Descriptor socket, bool closeOnExec)
    {
        LibC.SeccompAddDescriptor add = new()
        {
            Id = call.Id,
            Flags = LibC.SECCOMP_ADDFD_FLAG_SETFD,
            Source = socket.Number,
            New = call.Socket,
            NewFlags = closeOnExec ? (uint)LibC.O_CLOEXEC : 0,
        };
        return LibC.ioctl(listener.Number, LibC.SECCOMP_IOCTL_NOTIF_ADDFD, &add) != -1;
    }

    /// <summary>Lets the kernel do the call.</summary>
    internal void Continue(WatchedCall call) =>
        Answer(new LibC.SeccompResponse { Id = call.Id, Flags = LibC.SECCOMP_USER_NOTIF_FLAG_CONTINUE });

    /// <summary>Lets the call succeed without being done.</summary>
    internal void Withhold(WatchedCall call) => Answer(new LibC.SeccompResponse { Id = call.Id });

    /// <summary>Lets the call fail.</summary>
    internal void Fail(WatchedCall call, Errno errno) => Answer(new LibC.SeccompResponse { Id = call.Id, Error = -(int)errno });

    /// <summary>Copies the call's address argument from the caller's memory; empty when it cannot be read.</summary>
    internal static byte[] ReadAddress(WatchedCall call)
    {
        byte[] bytes = new byte[Math.Clamp(call.AddressLength, 0, 128)];
        fixed (byte* start = bytes)
        {
            LibC.IoVector local = new() { Base = start, Length = (nuint)bytes.Length };
            LibC.IoVector remote = new() { Base = (void*)call.Address, Length = (nuint)bytes.Length };
            return LibC.process_vm_readv(call.Task, &local, 1, &remote, 1, 0) == bytes.Length ? bytes : [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Answer(LibC.SeccompResponse response) =>
        _ = LibC.ioctl(listener.Number, LibC.SECCOMP_IOCTL_NOTIF_SEND, &response);
}
