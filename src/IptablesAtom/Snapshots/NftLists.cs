using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>The lists of nf_tables objects, without rules and elements.</summary>
internal sealed class NftLists
{
    private readonly List<(int Kind, TableId Table, string Name, ulong Handle)> _identities = [];
    private readonly Dictionary<TableId, Entry> _tables = [];

    private NftLists()
    {
    }

    /// <summary>The tables, in the kernel's order.</summary>
    internal IReadOnlyDictionary<TableId, Entry> Tables => _tables;

    /// <summary>Reads the lists until two readings in a row name the same objects, none twice.</summary>
    /// <returns>Null if that did not happen.</returns>
    internal static NftLists? Read(NftSocket socket, Func<TableId, bool> wanted)
    {
        NftLists? before = null;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            NftLists now = ReadOnce(socket, wanted);
            bool unique = now._identities.Distinct().Count() == now._identities.Count;
            if (unique && before is not null && before._identities.SequenceEqual(now._identities))
            {
                return now;
            }

            before = now;
        }

        return null;
    }

    private static NftLists ReadOnce(NftSocket socket, Func<TableId, bool> wanted)
    {
        NftLists lists = new();
        lists.Collect(socket, NftMessage.GetTable, wanted, static entry => entry.Tables);
        lists.Collect(socket, NftMessage.GetChain, wanted, static entry => entry.Chains);
        lists.Collect(socket, NftMessage.GetSet, wanted, static entry => entry.Sets);
        lists.Collect(socket, NftMessage.GetObject, wanted, static entry => entry.Objects);
        lists.Collect(socket, NftMessage.GetFlowtable, wanted, static entry => entry.Flowtables);
        return lists;
    }

    private void Collect(NftSocket socket, int command, Func<TableId, bool> wanted, Func<Entry, List<byte[]>> listOf)
    {
        (int nameType, int handleType) = command switch
        {
            NftMessage.GetTable => (TableAttribute.Name, TableAttribute.Handle),
            NftMessage.GetChain => (ChainAttribute.Name, ChainAttribute.Handle),
            NftMessage.GetSet => (SetAttribute.Name, SetAttribute.Handle),
            NftMessage.GetObject => (ObjectAttribute.Name, ObjectAttribute.Handle),
            _ => (FlowtableAttribute.Name, FlowtableAttribute.Handle),
        };
        socket.List(command, 0, filter: null, tolerant: true, handler: message =>
        {
            AttributeReader attributes = new(message.NetfilterAttributes);
            if (!attributes.TryFind(TableAttribute.Name, out var table))
            {
                return;
            }

            TableId id = new(Backend.Nft, (Family)message.Family, table.AsString());
            if (!wanted(id))
            {
                return;
            }

            // A table that is made between two lists turns up in the first of the next reading.
            if (!_tables.TryGetValue(id, out Entry? entry) && command == NftMessage.GetTable)
            {
                _tables[id] = entry = new Entry();
            }

            string name = attributes.TryFind(nameType, out var named) ? named.AsString() : "";
            ulong handle = attributes.TryFind(handleType, out var number) ? number.AsUInt64Be() : 0;
            _identities.Add((command, id, name, handle));
            if (entry is not null)
            {
                listOf(entry).Add(message.NetfilterAttributes.ToArray());
            }
        });
    }

    /// <summary>One table's objects, each as the attributes dumped.</summary>
    internal sealed class Entry
    {
        internal List<byte[]> Tables { get; } = [];
        internal List<byte[]> Chains { get; } = [];
        internal List<byte[]> Sets { get; } = [];
        internal List<byte[]> Objects { get; } = [];
        internal List<byte[]> Flowtables { get; } = [];
    }
}
