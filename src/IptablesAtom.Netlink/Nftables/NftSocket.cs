using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Nftables;

/// <summary>Asks nf_tables of one namespace: generation, lists, and the barrier that makes lists trustworthy.</summary>
internal sealed class NftSocket : IDisposable
{
    private const int ResourceId = Subsystem;
    private const int Subsystem = NftMessage.Subsystem;
    private const int GenerationId = 1; // NFTA_GEN_ID, NFNL_BATCH_GENID

    /// <summary>Where a batch that <see cref="WriteBegin"/> began holds its generation.</summary>
    internal const int GenerationOffset = 24;

    private readonly MessageWriter _writer = new();

    private NftSocket(NetlinkSocket socket) => Wire = socket;

    /// <summary>The socket itself.</summary>
    internal NetlinkSocket Wire { get; }

    /// <summary>Opens a socket in a namespace.</summary>
    internal static NftSocket Open(NetworkNamespace target)
    {
        NetlinkSocket socket = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);
        socket.ReserveReceive(8 << 20);
        return new NftSocket(socket);
    }

    /// <summary>The current generation; 0 if the kernel has no nf_tables.</summary>
    internal uint Generation()
    {
        _writer.Clear();
        _writer.BeginNetfilter(Subsystem, NftMessage.GetGeneration, 0, NetlinkFlags.Request | NetlinkFlags.Ack, Wire.NextSequence());
        _writer.EndMessage();
        uint generation = 0;
        int error = Wire.Request(_writer, out string? text, message =>
        {
            if (new AttributeReader(message.NetfilterAttributes).TryFind(GenerationId, out var id))
            {
                generation = id.AsUInt32Be();
            }
        });
        return (Errno)error switch
        {
            Errno.None => generation,
            // nfnetlink's answer for a subsystem that is not there.
            Errno.EINVAL or Errno.EOPNOTSUPP => 0,
            _ => throw new NetlinkException("nf_tables generation", error, text),
        };
    }

    /// <summary>
    /// Waits until no commit is running. While one is still removing what it replaced, a list can show an object twice
    /// or miss one, with an unchanged generation.
    /// </summary>
    /// <remarks>An empty batch takes the kernel's commit mutex, and send() returns when the batch is over.</remarks>
    internal void Barrier()
    {
        _writer.Clear();
        WriteBegin(_writer, Wire.NextSequence(), generation: null);
        WriteEnd(_writer, Wire.NextSequence());
        Wire.Send(_writer);
        while (Wire.Receive(wait: false, static _ => { }) == Errno.None)
        {
            // The acknowledgement says nothing that send() has not.
        }
    }

    /// <summary>Lists objects of a kind, of one family or of all (0).</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    /// <exception cref="DumpInterruptedException">A commit came between, and <paramref name="tolerant"/> was not set.</exception>
    internal void List(int command, byte family, Action<MessageWriter>? filter, MessageHandler handler, bool tolerant = false)
    {
        _writer.Clear();
        _writer.BeginNetfilter(Subsystem, command, family, NetlinkFlags.Request | NetlinkFlags.Dump, Wire.NextSequence());
        filter?.Invoke(_writer);
        _writer.EndMessage();
        try
        {
            Wire.Dump(_writer, "nf_tables list", handler);
        }
        catch (DumpInterruptedException) when (tolerant)
        {
            // The caller watches the changes itself.
        }
    }

    /// <summary>Begins a batch; with a generation, the kernel refuses it (ERESTART) if that is not the current one.</summary>
    internal static void WriteBegin(MessageWriter writer, uint sequence, uint? generation)
    {
        writer.BeginNetfilter(0, NetlinkType.BatchBegin, 0, NetlinkFlags.Request, sequence, ResourceId);
        if (generation is { } id)
        {
            writer.PutUInt32Be(GenerationId, id);
        }

        writer.EndMessage();
    }

    /// <summary>Ends a batch: the kernel commits on reading it.</summary>
    internal static void WriteEnd(MessageWriter writer, uint sequence)
    {
        writer.BeginNetfilter(0, NetlinkType.BatchEnd, 0, NetlinkFlags.Request | NetlinkFlags.Ack, sequence, ResourceId);
        writer.EndMessage();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        Wire.Dispose();
    }
}
