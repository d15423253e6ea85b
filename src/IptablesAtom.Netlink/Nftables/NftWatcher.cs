using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Nftables;

/// <summary>Hears every change of nf_tables in one namespace, so that a generation number can be followed without reading all again.</summary>
/// <remarks>
/// The events of a commit stand in the queue before the NEWGEN that ends it: who knows a generation has seen all that led to it.
/// Events carry the port id of the socket that sent the change, which tells our own from others'.
/// </remarks>
internal sealed class NftWatcher : IDisposable
{
    private const int QueueSize = 64 << 20;
    private const int GenerationId = 1; // NFTA_GEN_ID
    private readonly NetlinkSocket _socket;

    private NftWatcher(NetlinkSocket socket) => _socket = socket;

    /// <summary>The last generation heard of; 0 if none was.</summary>
    internal uint Generation { get; private set; }

    /// <summary>True after the queue overflowed: what happened is not known.</summary>
    internal bool Lost { get; private set; }

    /// <summary>Opens a watcher in a namespace.</summary>
    internal static NftWatcher Open(NetworkNamespace target)
    {
        NetlinkSocket socket = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter, 1u << (NftMessage.Group - 1));
        socket.ReserveReceive(QueueSize);
        return new NftWatcher(socket);
    }

    /// <summary>Forgets that events were lost: everything is about to be read again.</summary>
    internal void Reset()
    {
        if (Lost)
        {
            Generation = 0; // its NEWGEN may be among the lost
            Lost = false;
        }
    }

    /// <summary>Reads the events in the queue.</summary>
    /// <param name="changed">Called for each event but those of <paramref name="ownPort"/>.</param>
    /// <param name="ownPort">The port id of our own commits' socket; 0 for none.</param>
    internal void Drain(Action<NftEvent> changed, uint ownPort = 0)
    {
        while (true)
        {
            switch (_socket.Receive(wait: false, message => Handle(message, changed, ownPort)))
            {
                case Errno.None:
                    break;
                case Errno.EAGAIN:
                    return;
                case Errno.ENOBUFS:
                    Lost = true;
                    break;
                case var errno:
                    throw new LinuxException("recv (nf_tables events)", errno);
            }
        }
    }

    /// <summary>Waits for the next event, bounded.</summary>
    internal unsafe void Wait(int milliseconds)
    {
        LibC.PollFd poll = new() { Fd = _socket.Number, Events = LibC.POLLIN };
        _ = LibC.poll(&poll, 1, milliseconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Handle(Message message, Action<NftEvent> changed, uint ownPort)
    {
        if (message.Type >> 8 != NftMessage.Subsystem)
        {
            return;
        }

        AttributeReader attributes = new(message.NetfilterAttributes);
        int kind = message.Type & 0xff;
        if (kind == NftMessage.NewGeneration)
        {
            Generation = attributes.TryFind(GenerationId, out var id) ? id.AsUInt32Be() : Generation;
            return;
        }

        if (ownPort != 0 && message.PortId == ownPort)
        {
            return;
        }

        string? table = null;
        string? name = null;
        int nameType = kind is NftMessage.NewChain or NftMessage.DelChain ? ChainAttribute.Name : RuleAttribute.Chain;
        foreach (var attribute in attributes)
        {
            if (attribute.Type == TableAttribute.Name)
            {
                table = attribute.AsString();
            }
            else if (attribute.Type == nameType && kind > NftMessage.DelTable)
            {
                name = attribute.AsString();
            }
        }

        changed(new NftEvent(kind, message.Family, table ?? "", name ?? ""));
    }
}
