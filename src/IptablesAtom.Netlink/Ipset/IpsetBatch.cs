using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Ipset;

/// <summary>
/// ipset commands that go to the kernel in one send: it runs them one after the other, microseconds apart.
/// </summary>
/// <remarks>
/// This is no transaction. The kernel takes ipset's mutex for each message alone and answers each alone; a refused command
/// does not stop those behind it (measured: [0, ENOENT, 0]), and NFNL_MSG_BATCH_BEGIN is not known to ipset.
/// </remarks>
internal sealed class IpsetBatch(NetlinkSocket socket) : IDisposable
{
    private const int Subsystem = 6; // NFNL_SUBSYS_IPSET
    private const byte ProtocolVersion = 7; // IPSET_PROTOCOL
    private const int NestedFlag = 0x8000; // NLA_F_NESTED
    private readonly MessageWriter _writer = new();
    private readonly List<string> _operations = [];
    private uint _firstSequence;

    /// <summary>Bytes written so far.</summary>
    internal int Length => _writer.Length;

    /// <summary>Number of commands.</summary>
    internal int Count => _operations.Count;

    /// <summary>ipset create. <paramref name="data"/> is the payload of the Data nest; empty gives the type's defaults.</summary>
    internal void Create(string name, string typeName, byte revision, byte family, ReadOnlySpan<byte> data)
    {
        Begin(IpsetCommand.Create, $"create {name} {typeName}", NetlinkFlags.Create | NetlinkFlags.Excl, family);
        _writer.PutString(IpsetAttribute.SetName, name);
        _writer.PutString(IpsetAttribute.TypeName, typeName);
        _writer.PutByte(IpsetAttribute.Revision, revision);
        _writer.PutByte(IpsetAttribute.Family, family);
        _writer.PutBytes(IpsetAttribute.Data | NestedFlag, data);
        _writer.EndMessage();
    }

    /// <summary>ipset add of a nest of entries, up to 64 KB. An entry that exists is updated, unless <paramref name="exclusive"/>.</summary>
    internal void Add(string name, ReadOnlySpan<byte> entries, bool exclusive = false) =>
        Entries(IpsetCommand.Add, $"add {name}", name, entries, exclusive);

    /// <summary>ipset del of a nest of entries. An entry that is not there is passed over, unless <paramref name="exclusive"/>.</summary>
    internal void Delete(string name, ReadOnlySpan<byte> entries, bool exclusive = false) =>
        Entries(IpsetCommand.Delete, $"del {name}", name, entries, exclusive);

    /// <summary>ipset add LIST MEMBER: at the end of the list.</summary>
    internal void AddMember(string list, string member)
    {
        using MessageWriter entry = new(64);
        using (entry.Nested(IpsetAttribute.Data))
        {
            entry.PutString(IpsetEntryAttribute.Name, member);
        }

        Add(list, entry.Written);
    }

    /// <summary>ipset destroy; a set that is not there is passed over.</summary>
    internal void Destroy(string name) => OneName(IpsetCommand.Destroy, "destroy", name);

    internal void Flush(string name) => OneName(IpsetCommand.Flush, "flush", name);

    internal void Rename(string name, string newName) => TwoNames(IpsetCommand.Rename, "rename", name, newName);

    /// <summary>ipset swap: contents and reference counts change places, names and indexes stay.</summary>
    internal void Swap(string one, string two) => TwoNames(IpsetCommand.Swap, "swap", one, two);

    /// <summary>Sends all; one positive error number (0: done) for each command, in order. The batch is empty afterwards.</summary>
    internal int[] TryExecute()
    {
        if (_operations.Count == 0)
        {
            return [];
        }

        int[] errors = new int[_operations.Count];
        int missing = errors.Length;
        socket.Send(_writer);
        while (missing > 0)
        {
            Errno errno = socket.Receive(wait: true, message =>
            {
                uint position = message.Sequence - _firstSequence;
                if (message.Type == NetlinkType.Error && position < errors.Length)
                {
                    errors[position] = message.Error;
                    missing--;
                }
            });
            if (errno != Errno.None)
            {
                throw new LinuxException($"recv (ipset {_operations[0]})", errno);
            }
        }

        _writer.Clear();
        _operations.Clear();
        return errors;
    }

    /// <summary>Sends all; the first refusal is thrown, after every command has run.</summary>
    /// <exception cref="IpsetException">A command was refused.</exception>
    internal void Execute()
    {
        string[] operations = [.. _operations];
        int[] errors = TryExecute();
        if (Array.FindIndex(errors, error => error != 0) is var first && first >= 0)
        {
            throw new IpsetException($"ipset {operations[first]}", errors[first]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>Begins a message with the attribute that stands first in all of them.</summary>
    internal static void Begin(MessageWriter writer, IpsetCommand command, byte family, NetlinkFlags flags, uint sequence)
    {
        writer.BeginNetfilter(Subsystem, (int)command, family, NetlinkFlags.Request | NetlinkFlags.Ack | flags, sequence);
        writer.PutByte(IpsetAttribute.Protocol, ProtocolVersion);
    }

    private void Begin(IpsetCommand command, string operation, NetlinkFlags flags = NetlinkFlags.None, byte family = 0)
    {
        uint sequence = socket.NextSequence();
        if (_operations.Count == 0)
        {
            _firstSequence = sequence;
        }

        _operations.Add(operation);
        Begin(_writer, command, family, flags, sequence);
    }

    private void Entries(IpsetCommand command, string operation, string name, ReadOnlySpan<byte> entries, bool exclusive)
    {
        Begin(command, operation, exclusive ? NetlinkFlags.Excl : NetlinkFlags.None);
        _writer.PutString(IpsetAttribute.SetName, name);
        _writer.PutUInt32(IpsetAttribute.LineNumber, 0); // mandatory beside a nest of entries
        _writer.PutBytes(IpsetAttribute.Entries | NestedFlag, entries);
        _writer.EndMessage();
    }

    private void OneName(IpsetCommand command, string verb, string name)
    {
        Begin(command, $"{verb} {name}");
        _writer.PutString(IpsetAttribute.SetName, name);
        _writer.EndMessage();
    }

    private void TwoNames(IpsetCommand command, string verb, string one, string two)
    {
        Begin(command, $"{verb} {one} {two}");
        _writer.PutString(IpsetAttribute.SetName, one);
        _writer.PutString(IpsetAttribute.SetName2, two);
        _writer.EndMessage();
    }
}
