using System.Buffers.Binary;

namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// One end of a socketpair that carries frames: a kind, the length, the content. Between this program and its own child only, so what
/// comes in is trusted. Sending is safe from several threads; receiving is for one.
/// </summary>
internal sealed unsafe class FrameSocket : IDisposable
{
    private const int HeaderSize = 5;

    private readonly Descriptor _file;
    private readonly Lock _sending = new();

    /// <summary>Takes over an end.</summary>
    internal FrameSocket(Descriptor file) => _file = file;

    /// <summary>Both ends, close-on-exec.</summary>
    internal static (FrameSocket Own, Descriptor Child) Pair()
    {
        (Descriptor own, Descriptor child) = DescriptorPair();
        return (new FrameSocket(own), child);
    }

    /// <summary>Two ends without frames: each one's close is seen at the other (POLLHUP).</summary>
    internal static (Descriptor One, Descriptor Other) DescriptorPair()
    {
        int* pair = stackalloc int[2];
        LibC.Check(LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC, 0, pair));
        return (new Descriptor(pair[0]), new Descriptor(pair[1]));
    }

    /// <summary>The end that a parent handed over under this number; programs started from here do not inherit it.</summary>
    internal static FrameSocket Inherited(int number)
    {
        LibC.Check(LibC.fcntl(number, LibC.F_SETFD, LibC.FD_CLOEXEC));
        return new FrameSocket(new Descriptor(number));
    }

    /// <summary>Sends a frame; false when the other end is gone.</summary>
    internal bool Send(byte kind, ReadOnlySpan<byte> content)
    {
        byte[] frame = new byte[HeaderSize + content.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame.AsSpan(HeaderSize));
        lock (_sending)
        {
            fixed (byte* start = frame)
            {
                for (int done = 0; done < frame.Length;)
                {
                    nint sent = LibC.send(_file.Number, start + done, frame.Length - done, LibC.MSG_NOSIGNAL);
                    if (sent == -1 && LibC.LastErrno != Errno.EINTR)
                    {
                        return LibC.LastErrno is Errno.EPIPE or Errno.ECONNRESET ? false : throw new LinuxException("send", LibC.LastErrno);
                    }

                    done += (int)Math.Max(sent, 0);
                }
            }
        }

        return true;
    }

    /// <summary>Whether a frame, or the other end's close, comes within a time; a negative time waits for ever.</summary>
    internal bool Poll(int milliseconds)
    {
        LibC.PollFd polled = new() { Fd = _file.Number, Events = LibC.POLLIN };
        int ready = LibC.poll(&polled, 1, milliseconds);
        return ready == -1 && LibC.LastErrno != Errno.EINTR ? throw new LinuxException("poll", LibC.LastErrno) : ready > 0;
    }

    /// <summary>The next frame; null when the other end was closed.</summary>
    internal (byte Kind, byte[] Content)? Receive()
    {
        byte[] header = new byte[HeaderSize];
        if (!Fill(header))
        {
            return null;
        }

        byte[] content = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
        return Fill(content) ? (header[0], content) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool Fill(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint got = LibC.recv(_file.Number, start + done, bytes.Length - done, 0);
                if (got == 0 || (got == -1 && LibC.LastErrno == Errno.ECONNRESET))
                {
                    return false;
                }

                if (got == -1 && LibC.LastErrno != Errno.EINTR)
                {
                    throw new LinuxException("recv", LibC.LastErrno);
                }

                done += (int)Math.Max(got, 0);
            }
        }

        return true;
    }
}
