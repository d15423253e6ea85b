using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Outbound;

/// <summary>The wire of staging's interfaces, with passt(1) at its other end: packets of the script go out as passt's sockets in live.</summary>
/// <remarks>
/// Model: the mirrored interfaces are TAPs, whose frames nobody reads otherwise. They are carried to passt, which answers for every
/// neighbour and speaks to the hosts by sockets of its own; the frames of its answers go to the interface whose address they bear.
/// Reasons: nothing is added to staging. pasta and slirp4netns bring an interface, an address and routes of their own, which the script would see and write
/// rules for. Limits: the rules in staging hold for these packets, so a script that drops its own output stops them.
/// What the kernel guarantees: when this program ends, however, its end of the socket closes, and passt ends with its only client (--fd).
/// Threading: one thread, with libc calls only; it ends when passt does.
/// </remarks>
internal sealed unsafe class HostWire : IDisposable
{
    private const string Program = "passt";
    private const int LengthSize = 4; // before each frame, in network byte order: qemu's stream protocol
    private const int LongestFrame = 65549;
    private const int BufferSize = 256 * 1024;
    private const int QueueSize = 8 << 20; // passt drops what does not fit, and TCP then crawls
    private const int MacSize = 6;
    private const string OtherAddress = "9a:55:9a:55:9a:55"; // its own default is the host's address, which staging's interface has too
    private const int StartMilliseconds = 5000;

    private readonly TunDevice[] _taps;
    private readonly Descriptor _passt;
    private readonly int _pid;
    private readonly Thread _thread;
    private readonly Dictionary<ulong, TunDevice> _byAddress = [];

    private HostWire(TunDevice[] taps, Descriptor passt, int pid)
    {
        (_taps, _passt, _pid) = (taps, passt, pid);
        _thread = new Thread(Carry) { IsBackground = true, Name = "wire" };
        _thread.Start();
    }

    /// <summary>Starts passt in live, and waits until it serves.</summary>
    /// <exception cref="ProgramMissingException">It is not installed.</exception>
    /// <exception cref="SpawnException">It does not serve here; the message has its own words.</exception>
    internal static HostWire Start(IEnumerable<TunDevice> devices, NetworkNamespace live)
    {
        string path = ProgramPath.Find(Program);
        (Descriptor own, Descriptor other) = FrameSocket.DescriptorPair();
        (Descriptor ready, Descriptor readyWriter) = Spawn.Pipe();
        using Descriptor said = new(LibC.Check(LibC.memfd_create(Program, LibC.MFD_CLOEXEC))); // its words; a pipe would need a reader to the end
        using (other)
        using (ready)
        {
            Enlarge(own);
            Enlarge(other);
            int pid;
            using (readyWriter)
            {
                LibC.Check(LibC.fchmod(readyWriter.Number, 0x1b6 /* 0666 */)); // passt opens it by its name, as another user
                byte[][] arguments = StringBlock.Encode(
                [
                    Program, "--foreground", "--quiet", "--fd", Number(other), "--pid", $"/dev/fd/{Number(readyWriter)}",
                    "--no-dhcp", "--no-dhcpv6", "--no-ra", "--no-map-gw", "--tcp-ports", "none", "--udp-ports", "none",
                    "--mac-addr", OtherAddress,
                ]);
                (int, int)[] passed = [(other.Number, other.Number), (readyWriter.Number, readyWriter.Number), (said.Number, 1), (said.Number, 2)];
                pid = live.Run(() => Spawn.TryStart(path, arguments, ProcessEnvironment.With(null), passed, out int child) is var errno && errno == Errno.None
                    ? child : throw new SpawnException(path, errno));
            }

            if (IsWritten(ready))
            {
                return new HostWire([.. devices.Where(device => device.IsTap)], own, pid);
            }

            own.Dispose();
            _ = LibC.kill(pid, LibC.SIGKILL);
            _ = Spawn.Wait(pid);
            throw new SpawnException(path, LastLine(said) is { Length: > 0 } line ? $"says: {line}" : "does not begin to serve");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = LibC.kill(_pid, LibC.SIGKILL); // it keeps nothing, and has not been waited for
        _thread.Join();
        _ = Spawn.Wait(_pid);
        _passt.Dispose();
    }

    private static string Number(Descriptor file) => file.Number.ToString(CultureInfo.InvariantCulture);

    private static void Enlarge(Descriptor socket)
    {
        int size = QueueSize;
        if (LibC.setsockopt(socket.Number, LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, &size, sizeof(int)) == -1)
        {
            _ = LibC.setsockopt(socket.Number, LibC.SOL_SOCKET, LibC.SO_SNDBUF, &size, sizeof(int));
        }
    }

    /// <summary>Its process id is written when it serves; if it ends before, the pipe is closed.</summary>
    private static bool IsWritten(Descriptor pipe)
    {
        byte first;
        LibC.PollFd polled = new() { Fd = pipe.Number, Events = LibC.POLLIN };
        return LibC.poll(&polled, 1, StartMilliseconds) == 1 && LibC.read(pipe.Number, &first, 1) == 1;
    }

    private static string LastLine(Descriptor file)
    {
        byte[] text = new byte[4096];
        fixed (byte* start = text)
        {
            _ = LibC.lseek(file.Number, 0, 0);
            nint length = LibC.read(file.Number, start, text.Length);
            return Encoding.UTF8.GetString(text, 0, (int)Math.Max(length, 0)).Trim().Split('\n')[^1];
        }
    }

    private void Carry()
    {
        byte[] frame = new byte[LengthSize + LongestFrame];
        byte[] stream = new byte[BufferSize];
        int filled = 0;
        LibC.PollFd[] polled = [.. _taps.Select(tap => tap.Number).Prepend(_passt.Number).Select(number => new LibC.PollFd { Fd = number, Events = LibC.POLLIN })];
        while (true)
        {
            fixed (LibC.PollFd* start = polled)
            {
                if (LibC.poll(start, (nuint)polled.Length, -1) == -1)
                {
                    continue;
                }
            }

            for (int i = 0; i < _taps.Length; i++)
            {
                if ((polled[i + 1].Revents & ~LibC.POLLIN) != 0)
                {
                    polled[i + 1].Fd = -1; // the script has removed it; poll(2) skips it from now on
                }
                else if (polled[i + 1].Revents != 0 && _taps[i].TryRead(frame.AsSpan(LengthSize)) is var length && length > 2 * MacSize)
                {
                    _byAddress[Address(frame.AsSpan(LengthSize + MacSize))] = _taps[i];
                    BinaryPrimitives.WriteInt32BigEndian(frame, length);
                    Send(frame.AsSpan(0, LengthSize + length));
                }
            }

            if (polled[0].Revents != 0)
            {
                int got = Receive(stream.AsSpan(filled));
                if (got == 0)
                {
                    return;
                }

                filled = Deliver(stream, filled + got);
            }
        }
    }

    /// <summary>Gives the whole frames at the start of the stream to their interfaces; the rest moves to the start.</summary>
    /// <returns>The length of the rest.</returns>
    private int Deliver(byte[] stream, int filled)
    {
        Span<byte> rest = stream.AsSpan(0, filled);
        while (rest.Length >= LengthSize && BinaryPrimitives.ReadInt32BigEndian(rest) is var length && rest.Length - LengthSize >= length)
        {
            if (length > MacSize && _byAddress.TryGetValue(Address(rest[LengthSize..]), out TunDevice? tap))
            {
                _ = tap.TryWrite(rest.Slice(LengthSize, length)); // an interface that the script has taken down takes none
            }

            rest = rest[(LengthSize + length)..];
        }

        rest.CopyTo(stream);
        return rest.Length;
    }

    private static ulong Address(ReadOnlySpan<byte> bytes) => ((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);

    private void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint sent = LibC.send(_passt.Number, start + done, bytes.Length - done, LibC.MSG_NOSIGNAL);
                if (sent == -1 && LibC.LastErrno != Errno.EINTR)
                {
                    return; // it has ended, which is seen when reading
                }

                done += (int)Math.Max(sent, 0);
            }
        }
    }

    /// <summary>What passt has sent; 0 when it has ended.</summary>
    private int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint got;
            do
            {
                got = LibC.recv(_passt.Number, start, buffer.Length, 0);
            }
            while (got == -1 && LibC.LastErrno == Errno.EINTR);
            return (int)Math.Max(got, 0);
        }
    }
}
