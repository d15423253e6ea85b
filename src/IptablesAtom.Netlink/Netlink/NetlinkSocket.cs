using System.Buffers;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>Sees one message of an answer.</summary>
internal delegate void MessageHandler(Message message);

/// <summary>A netlink socket of one namespace. Opened inside it on a <see cref="NamespaceThread"/>; usable from any thread, by one at a time.</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int ReceiveSize = 1 << 20; // the kernel fills what is offered, 32 KB a message: fewer calls
    private readonly Descriptor _socket;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReceiveSize);
    private uint _sequence;

    private NetlinkSocket(Descriptor socket) => _socket = socket;

    /// <summary>The descriptor, for poll and socket options.</summary>
    internal int Number => _socket.Number;

    /// <summary>The port id that the kernel gave it: the sender's address in events.</summary>
    internal uint PortId
    {
        get
        {
            LibC.SockaddrNetlink address;
            uint length = (uint)sizeof(LibC.SockaddrNetlink);
            LibC.Check(LibC.getsockname(_socket.Number, &address, &length));
            return address.PortId;
        }
    }

    /// <summary>The next sequence number.</summary>
    internal uint NextSequence() => ++_sequence;

    /// <summary>Opens a socket in a namespace.</summary>
    /// <param name="target">The namespace it belongs to for good.</param>
    /// <param name="protocol">Its netlink family.</param>
    /// <param name="groups">Multicast groups to hear, as a bit mask (group n is bit n-1); 0 for none.</param>
    internal static NetlinkSocket Open(NetworkNamespace target, NetlinkProtocol protocol, uint groups = 0) =>
        NamespaceThread.Run(target, () => OpenHere(protocol, groups));

    /// <summary>Opens a socket in the calling thread's namespace.</summary>
    internal static NetlinkSocket OpenHere(NetlinkProtocol protocol, uint groups = 0)
    {
        Descriptor descriptor = new(LibC.Check(
            LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, (int)protocol)));
        try
        {
            // Bound: an unbound socket hears no multicast, and its port id stays 0.
            LibC.SockaddrNetlink address = new() { Family = LibC.AF_NETLINK, Groups = groups };
            LibC.Check(LibC.bind(descriptor.Number, &address, (uint)sizeof(LibC.SockaddrNetlink)));
            NetlinkSocket socket = new(descriptor);
            socket.SetOption(LibC.SOL_NETLINK, 10, 1); // NETLINK_CAP_ACK: errors carry the header only
            socket.SetOption(LibC.SOL_NETLINK, 11, 1); // NETLINK_EXT_ACK: errors carry a text
            return socket;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Wraps a descriptor opened elsewhere (inside staging by the launcher).</summary>
    internal static NetlinkSocket FromDescriptor(Descriptor descriptor) => new(descriptor);

    /// <summary>Sets an integer option; false if the kernel refuses it.</summary>
    internal bool SetOption(int level, int name, int value) =>
        LibC.setsockopt(_socket.Number, level, name, &value, sizeof(int)) == 0;

    /// <summary>
    /// Makes room for <paramref name="bytes"/> in one send. The FORCE form needs CAP_NET_ADMIN in the initial user
    /// namespace; without it the limit stays at twice net.core.wmem_max.
    /// </summary>
    internal void ReserveSend(int bytes)
    {
        if (!SetOption(LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, bytes + 4096))
        {
            SetOption(LibC.SOL_SOCKET, LibC.SO_SNDBUF, bytes + 4096);
        }
    }

    /// <inheritdoc cref="ReserveSend"/>
    internal void ReserveReceive(int bytes)
    {
        if (!SetOption(LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, bytes))
        {
            SetOption(LibC.SOL_SOCKET, LibC.SO_RCVBUF, bytes);
        }
    }

    /// <summary>Sends everything written, in one datagram.</summary>
    internal void Send(MessageWriter writer)
    {
        fixed (byte* bytes = writer.Written)
        {
            while (LibC.send(_socket.Number, bytes, writer.Length, 0) == -1)
            {
                if (LibC.LastErrno is var errno && errno != Errno.EINTR)
                {
                    throw new LinuxException($"send of {writer.Length} bytes to the kernel", errno);
                }
            }
        }
    }

    /// <summary>
    /// Reads what is in the socket and hands each message over. Blocks for the first datagram only if told to.
    /// </summary>
    /// <returns>The error: <see cref="Errno.None"/> when a datagram was read, EAGAIN when none is there, ENOBUFS when some were lost.</returns>
    internal Errno Receive(bool wait, MessageHandler handler)
    {
        nint length;
        fixed (byte* bytes = _buffer)
        {
            length = LibC.recv(_socket.Number, bytes, ReceiveSize, wait ? LibC.MSG_TRUNC : LibC.MSG_TRUNC | LibC.MSG_DONTWAIT);
        }

        if (length == -1)
        {
            return LibC.LastErrno is var errno && errno == Errno.EINTR ? Receive(wait, handler) : errno;
        }

        if (length > ReceiveSize)
        {
            throw new WireFormatException("datagram", $"at most {ReceiveSize} bytes", length);
        }

        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, (int)length);
        while (rest.Length >= 16)
        {
            int size = (int)BitConverter.ToUInt32(rest);
            if (size < 16 || size > rest.Length)
            {
                throw new WireFormatException("message length", $"16 to {rest.Length}", size);
            }

            handler(new Message(rest[..size]));
            rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
        }

        return Errno.None;
    }

    /// <summary>Sends one dump request (the writer holds exactly one message) and hands over each message up to DONE.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    /// <exception cref="DumpInterruptedException">The objects changed meanwhile.</exception>
    internal void Dump(MessageWriter writer, string operation, MessageHandler handler)
    {
        Send(writer);
        uint sequence = _sequence;
        bool done = false;
        bool interrupted = false;
        while (!done)
        {
            Errno errno = Receive(wait: true, message =>
            {
                if (message.Sequence != sequence)
                {
                    return;
                }

                interrupted |= (message.Flags & NetlinkFlags.DumpInterrupted) != 0;
                switch (message.Type)
                {
                    // A dump's own failure comes in DONE (ipset: no such set), a refused request as ERROR.
                    case NetlinkType.Done when message.Payload.Length >= 4 && message.Error > 0:
                        throw new NetlinkException(operation, message.Error, null);
                    case NetlinkType.Done:
                        done = true;
                        break;
                    case NetlinkType.Error when message.Error != 0:
                        throw new NetlinkException(operation, message.Error, message.ErrorText);
                    case NetlinkType.Error:
                        done = true;
                        break;
                    default:
                        handler(message);
                        break;
                }
            });
            if (errno != Errno.None)
            {
                throw new LinuxException($"recv ({operation})", errno);
            }
        }

        if (interrupted)
        {
            throw new DumpInterruptedException();
        }
    }

    /// <summary>Sends one request with ACK (the writer holds exactly one message) and waits for its answer.</summary>
    /// <returns>0, or the positive error number.</returns>
    internal int Request(MessageWriter writer, out string? kernelText, MessageHandler? handler = null)
    {
        Send(writer);
        uint sequence = _sequence;
        int? result = null;
        string? text = null;
        while (result is null)
        {
            Errno errno = Receive(wait: true, message =>
            {
                if (message.Sequence != sequence)
                {
                    return;
                }

                if (message.Type == NetlinkType.Error)
                {
                    result = message.Error;
                    text = message.ErrorText;
                }
                else
                {
                    handler?.Invoke(message);
                }
            });
            if (errno != Errno.None)
            {
                throw new LinuxException("recv", errno);
            }
        }

        kernelText = text;
        return result.Value;
    }

    /// <summary>The same, and an error is thrown.</summary>
    internal void Request(MessageWriter writer, string operation, MessageHandler? handler = null)
    {
        int error = Request(writer, out string? text, handler);
        if (error != 0)
        {
            throw new NetlinkException(operation, error, text);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
