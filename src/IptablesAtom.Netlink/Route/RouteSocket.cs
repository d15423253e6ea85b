using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Route;

/// <summary>rtnetlink of one namespace: dumps, and requests sent in batches.</summary>
/// <remarks>
/// The kernel answers each message of a datagram in order, with an acknowledgement of its own. A batch goes out in groups
/// small enough that the acknowledgements of one fit the default receive buffer: none can be lost.
/// </remarks>
internal sealed class RouteSocket : IDisposable
{
    private const int GroupSize = 64;
    private const int DumpAttempts = 10;
    private readonly NetlinkSocket _socket;
    private readonly MessageWriter _writer = new();
    private readonly List<object> _subjects = [];
    private List<RouteFailure> _failures = [];
    private uint _firstSequence;

    private RouteSocket(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens one in a namespace.</summary>
    internal static RouteSocket Open(NetworkNamespace target) => new(NetlinkSocket.Open(target, NetlinkProtocol.Route));

    /// <summary>Opens one in the calling thread's namespace.</summary>
    internal static RouteSocket OpenHere() => new(NetlinkSocket.OpenHere(NetlinkProtocol.Route));

    /// <summary>Lists all objects of a kind; again, when they change meanwhile.</summary>
    /// <param name="type">RTM_GET...</param>
    /// <param name="headerSize">The size of the kind's fixed header.</param>
    /// <param name="family">Only this address family; 0 for all.</param>
    /// <param name="attributes">Writes the request's attributes.</param>
    internal List<RouteMessage> Dump(ushort type, int headerSize, byte family = 0, Action<MessageWriter>? attributes = null) =>
        Dump(type, [family, .. new byte[headerSize - 1]], attributes);

    /// <summary>The same with the request's whole fixed header.</summary>
    internal List<RouteMessage> Dump(ushort type, ReadOnlySpan<byte> header, Action<MessageWriter>? attributes = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            List<RouteMessage> found = [];
            int headerSize = header.Length;
            _writer.Clear();
            _writer.BeginMessage(type, NetlinkFlags.Request | NetlinkFlags.Dump, _socket.NextSequence());
            _writer.PutRaw(header);
            attributes?.Invoke(_writer);
            _writer.EndMessage();
            try
            {
                _socket.Dump(_writer, "list the objects of rtnetlink", message =>
                    found.Add(new RouteMessage(message.Payload.ToArray(), headerSize)));
                return found;
            }
            catch (DumpInterruptedException) when (attempt < DumpAttempts)
            {
            }
        }
    }

    /// <summary>Begins a request of the batch; its header and attributes go to the writer, then <see cref="End"/>.</summary>
    internal MessageWriter Begin(ushort type, NetlinkFlags flags)
    {
        if (_subjects.Count == 0)
        {
            _writer.Clear();
        }

        uint sequence = _socket.NextSequence();
        _firstSequence = _subjects.Count == 0 ? sequence : _firstSequence;
        _writer.BeginMessage(type, flags | NetlinkFlags.Request | NetlinkFlags.Ack, sequence);
        return _writer;
    }

    /// <summary>Ends the request.</summary>
    /// <param name="subject">What it is about; comes back with a failure.</param>
    internal void End(object subject)
    {
        _writer.EndMessage();
        _subjects.Add(subject);
        if (_subjects.Count == GroupSize)
        {
            SendGroup();
        }
    }

    /// <summary>Sends what is not sent yet, and gives the failures of all requests since the last call.</summary>
    internal List<RouteFailure> Finish()
    {
        if (_subjects.Count > 0)
        {
            SendGroup();
        }

        List<RouteFailure> failures = _failures;
        _failures = [];
        return failures;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _socket.Dispose();
    }

    private void SendGroup()
    {
        _socket.Send(_writer);
        int answered = 0;
        while (answered < _subjects.Count)
        {
            Errno errno = _socket.Receive(wait: true, message =>
            {
                uint place = message.Sequence - _firstSequence;
                if (message.Type != NetlinkType.Error || place >= (uint)_subjects.Count)
                {
                    return;
                }

                answered++;
                if (message.Error != 0)
                {
                    _failures.Add(new RouteFailure(_subjects[(int)place], (Errno)message.Error, message.ErrorText));
                }
            });
            if (errno != Errno.None)
            {
                throw new LinuxException("recv of rtnetlink's acknowledgements", errno);
            }
        }

        _subjects.Clear();
    }
}
