using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>One nf_tables transaction: messages in one buffer, sent with one call, committed by the kernel as a whole or not at all.</summary>
/// <remarks>
/// Each message has a sequence number of its own, by which the kernel's answer finds its <see cref="NftOperation"/>. The buffer is
/// written once and can be sent again: only the four bytes of the generation are patched.
/// </remarks>
internal sealed partial class NftBatch : IDisposable
{
    private const int BytesPerRule = 460;
    private const uint FirstSequence = 0x1000; // any: the socket's other requests are answered before
    private readonly MessageWriter _writer;
    private readonly List<NftOperation> _operations;
    private readonly Func<string, ushort> _setIndex;
    private readonly NftTemporaryNames? _names;
    private uint _nextId; // of sets and bound chains within this transaction
    private bool _ended;

    /// <param name="setIndex">The index in the target namespace of an ipset by name.</param>
    /// <param name="rules">About how many rules it will hold.</param>
    /// <param name="names">Temporary names that rules shall have, or null.</param>
    internal NftBatch(Func<string, ushort> setIndex, int rules = 16, NftTemporaryNames? names = null)
    {
        _setIndex = setIndex;
        _names = names is { IsEmpty: false } ? names : null;
        _operations = new List<NftOperation>(rules + 16);
        _writer = new MessageWriter((rules * BytesPerRule) + (64 << 10));
        NftSocket.WriteBegin(_writer, FirstSequence, generation: 1);
    }

    /// <summary>The number of messages between BEGIN and END.</summary>
    internal int Count => _operations.Count;

    /// <summary>The size in bytes.</summary>
    internal int Size => _writer.Length;

    /// <summary>What the messages do, in order.</summary>
    internal IReadOnlyList<NftOperation> Operations => _operations;

    /// <summary>Sends it.</summary>
    /// <returns>True if it was committed; false if <paramref name="generation"/> is not the current one (nothing was applied).</returns>
    /// <exception cref="BatchException">The kernel refused it; nothing was applied.</exception>
    internal bool Send(NftSocket socket, uint generation)
    {
        if (!_ended)
        {
            // Kernels before 6.10 do not acknowledge END; the last message's acknowledgement, sent after the commit, serves there.
            _writer.PatchUInt16(_lastMessage + 6, (ushort)(_lastFlags | NetlinkFlags.Ack));
            NftSocket.WriteEnd(_writer, FirstSequence + (uint)_operations.Count + 1);
            _ended = true;
        }

        _writer.PatchUInt32Be(NftSocket.GenerationOffset, generation);
        socket.Wire.ReserveSend(_writer.Length);
        try
        {
            socket.Wire.Send(_writer);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EMSGSIZE)
        {
            throw new BatchTooLargeException(_writer.Length);
        }

        return ReadAnswers(socket);
    }

    private bool ReadAnswers(NftSocket socket)
    {
        List<BatchFailure> failures = [];
        bool acknowledged = false;
        bool stale = false;
        while (true)
        {
            switch (socket.Wire.Receive(wait: false, Handle))
            {
                case Errno.None or Errno.ENOBUFS: // overflow loses the last answers; the first errors are what counts
                    break;
                case Errno.EAGAIN:
                    return Conclude();
                case var errno:
                    throw new LinuxException("recv (nf_tables commit)", errno);
            }
        }

        void Handle(Message message)
        {
            if (message.Type != NetlinkType.Error || message.Sequence < FirstSequence)
            {
                return;
            }

            int index = (int)(message.Sequence - FirstSequence) - 1;
            if (message.Error == 0)
            {
                acknowledged |= index >= _operations.Count - 1;
            }
            else if (index < 0 && (Errno)message.Error == Errno.ERESTART)
            {
                stale = true;
            }
            else
            {
                NftOperation operation = index >= 0 && index < _operations.Count ? _operations[index] : new("commit", _operations[0].Table);
                failures.Add(new BatchFailure(
                    operation.ToString(), operation.Table, operation.Chain, operation.Rule?.Origin, (Errno)message.Error, message.ErrorText));
            }
        }

        bool Conclude() =>
            failures.Count > 0 ? throw new BatchException(failures)
            : stale ? false
            : acknowledged ? true
            : throw new BatchException([new("commit (no acknowledgement came)", _operations[0].Table, null, null, Errno.EIO, null)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private int _lastMessage;
    private NetlinkFlags _lastFlags;

    private void Begin(int command, TableId table, NetlinkFlags flags, NftOperation operation)
    {
        _operations.Add(operation);
        _lastMessage = _writer.Length;
        _lastFlags = flags | NetlinkFlags.Request;
        _writer.BeginNetfilter(
            NftMessage.Subsystem, command, (byte)table.Family, _lastFlags, FirstSequence + (uint)_operations.Count);
    }
}
