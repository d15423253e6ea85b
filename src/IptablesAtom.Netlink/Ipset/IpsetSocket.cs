using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Ipset;

/// <summary>The ipsets of one network namespace: a netlink socket that speaks to the kernel's ipset subsystem.</summary>
/// <remarks>
/// Usable from any thread, by one at a time. Names are at most 31 bytes. A command refused by the kernel throws
/// <see cref="IpsetException"/>; several that shall run closely together go into one <see cref="IpsetBatch"/>.
/// </remarks>
internal sealed class IpsetSocket : IDisposable
{
    /// <summary>The longest name of a set (IPSET_MAXNAMELEN less the NUL).</summary>
    internal const int MaximumName = 31;

    // The kernel runs a send to its end before it returns: larger sends save calls, but need a larger socket buffer,
    // which a user namespace does not give.
    private const int SendSize = 160 * 1024;
    private const int ReceiveSize = 16 << 20; // acknowledgements wait here while a batch runs
    private readonly NetlinkSocket _socket;
    private readonly MessageWriter _writer = new();

    private IpsetSocket(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens the socket in a namespace.</summary>
    internal static IpsetSocket Open(NetworkNamespace target)
    {
        NetlinkSocket socket = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);
        socket.ReserveSend(4 << 20);
        socket.ReserveReceive(ReceiveSize);
        return new IpsetSocket(socket);
    }

    /// <summary>A new, empty batch.</summary>
    internal IpsetBatch Batch() => new(_socket);

    /// <summary>Creates a set; <paramref name="data"/> is the payload of the Data nest, empty for the type's defaults.</summary>
    internal void Create(string name, string typeName, byte revision, byte family, ReadOnlySpan<byte> data)
    {
        using IpsetBatch batch = Batch();
        batch.Create(name, typeName, revision, family, data);
        batch.Execute();
    }

    /// <summary>Adds nests of entries, each up to 64 KB, several a send.</summary>
    internal void Add(string name, IEnumerable<byte[]> nests, bool exclusive = false)
    {
        using IpsetBatch batch = Batch();
        foreach (byte[] nest in nests)
        {
            if (batch.Count > 0 && batch.Length + nest.Length > SendSize)
            {
                batch.Execute();
            }

            batch.Add(name, nest, exclusive);
        }

        batch.Execute();
    }

    /// <summary>Appends a member to a list:set.</summary>
    internal void AddMember(string list, string member) => One(batch => batch.AddMember(list, member));

    /// <summary>ipset destroy; a set that is not there is passed over.</summary>
    internal void Destroy(string name) => One(batch => batch.Destroy(name));

    internal void Flush(string name) => One(batch => batch.Flush(name));

    internal void Rename(string name, string newName) => One(batch => batch.Rename(name, newName));

    /// <inheritdoc cref="IpsetBatch.Swap"/>
    internal void Swap(string one, string two) => One(batch => batch.Swap(one, two));

    /// <summary>Hands over the messages of a listing: of one set, or of all (lists last).</summary>
    /// <param name="name">The set, or null for all.</param>
    /// <param name="content">What to list of each.</param>
    /// <param name="handler">Sees each message; the first of a set carries its header, each one its name.</param>
    /// <exception cref="IpsetException">There is no such set.</exception>
    internal void List(string? name, IpsetListing content, MessageHandler handler)
    {
        _writer.Clear();
        IpsetBatch.Begin(_writer, IpsetCommand.List, 0, NetlinkFlags.Dump, _socket.NextSequence());
        if (name is not null)
        {
            _writer.PutString(IpsetAttribute.SetName, name);
        }

        if (content != IpsetListing.Entries)
        {
            _writer.PutUInt32Be(IpsetAttribute.Flags | 0x4000, (uint)content);
        }

        _writer.EndMessage();
        string operation = $"ipset list {name}".TrimEnd();
        try
        {
            _socket.Dump(_writer, operation, handler);
        }
        catch (NetlinkException refusal) when (name is null && (refusal.Errno is Errno.EINVAL or Errno.EOPNOTSUPP))
        {
            // nfnetlink's answer for a subsystem that the kernel does not have: then there are no sets.
        }
        catch (NetlinkException refusal)
        {
            throw new IpsetException(operation, refusal.Error);
        }
    }

    /// <summary>The names of all sets, lists last.</summary>
    internal List<string> Names()
    {
        List<string> names = [];
        List(null, IpsetListing.Names, message =>
        {
            if (new AttributeReader(message.NetfilterAttributes).TryFind(IpsetAttribute.SetName, out Netlink.Attribute name))
            {
                names.Add(name.AsString());
            }
        });
        return names;
    }

    /// <summary>Type, revision and family of a set; null if there is none of that name.</summary>
    internal IpsetHeader? FindHeader(string name)
    {
        _writer.Clear();
        IpsetBatch.Begin(_writer, IpsetCommand.Header, 0, NetlinkFlags.None, _socket.NextSequence());
        _writer.PutString(IpsetAttribute.SetName, name);
        _writer.EndMessage();
        IpsetHeader? header = null;
        int error = _socket.Request(_writer, out _, message =>
        {
            AttributeReader attributes = new(message.NetfilterAttributes);
            header = new IpsetHeader(
                name,
                attributes.TryFind(IpsetAttribute.TypeName, out Netlink.Attribute type) ? type.AsString() : "",
                attributes.TryFind(IpsetAttribute.Revision, out Netlink.Attribute revision) ? revision.AsByte() : (byte)0,
                attributes.TryFind(IpsetAttribute.Family, out Netlink.Attribute family) ? family.AsByte() : (byte)0);
        });
        return error is 0 or (int)IpsetError.NotFound ? header : throw new IpsetException($"ipset header {name}", error);
    }

    /// <summary>The index of a set, by which rules refer to it; null if there is none of that name.</summary>
    internal ushort? FindIndex(string name) => IpsetIndex.IndexOf(_socket, name);

    /// <summary>The name of the set with an index, or null.</summary>
    internal string? FindName(ushort index) => IpsetIndex.NameOf(_socket, index);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _socket.Dispose();
    }

    private void One(Action<IpsetBatch> command)
    {
        using IpsetBatch batch = Batch();
        command(batch);
        batch.Execute();
    }
}
