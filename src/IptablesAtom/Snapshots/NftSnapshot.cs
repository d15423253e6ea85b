using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>All nf_tables tables of a namespace at one generation.</summary>
/// <param name="Generation">The generation; 0 if the kernel has no nf_tables.</param>
/// <param name="Tables">The tables, all families, in the order of <see cref="TableId.Compare"/>.</param>
/// <remarks>
/// A watcher hears every change while the tables are read; a table that changed meanwhile is read again, until nothing changed
/// since the oldest reading. Reading starts behind a barrier: see <see cref="NftSocket.Barrier"/>.
/// </remarks>
internal sealed record NftSnapshot(uint Generation, IReadOnlyList<Table> Tables)
{
    private const int MostRounds = 30;

    /// <summary>Reads a namespace.</summary>
    /// <exception cref="UnstableTablesException">Somebody keeps changing them.</exception>
    internal static NftSnapshot Read(NetworkNamespace target) => Read(target, static _ => true);

    /// <summary>Reads the tables of a namespace that are wanted.</summary>
    /// <exception cref="UnstableTablesException">Somebody keeps changing them.</exception>
    internal static NftSnapshot Read(
        NetworkNamespace target, Func<TableId, bool> wanted, Func<TableId, string, IReadOnlyList<Rule>?>? known = null, bool keepsBytes = true)
    {
        using NftSocket socket = NftSocket.Open(target);
        using NftWatcher watcher = NftWatcher.Open(target);
        using SetNames names = new(target);
        return Read(socket, watcher, names, wanted, known, keepsBytes);
    }

    /// <summary>Reads some tables, with a watcher that the caller goes on using.</summary>
    internal static NftSnapshot Read(
        NftSocket socket,
        NftWatcher watcher,
        SetNames names,
        Func<TableId, bool> wanted,
        Func<TableId, string, IReadOnlyList<Rule>?>? known = null,
        bool keepsBytes = true)
    {
        Dictionary<TableId, Table> read = [];
        HashSet<TableId> changed = [];
        uint generation = socket.Generation();
        if (generation == 0)
        {
            return new NftSnapshot(0, []);
        }

        for (int round = 0; round < MostRounds; round++)
        {
            watcher.Reset();
            watcher.Drain(Note);
            foreach (TableId id in changed)
            {
                read.Remove(id);
            }

            changed.Clear();
            socket.Barrier();
            if (watcher.Generation == 0)
            {
                generation = socket.Generation();
            }

            if (ReadMissing(socket, names, wanted, known ?? (static (_, _) => null), keepsBytes, read))
            {
                watcher.Drain(Note);
                if (watcher.Lost)
                {
                    read.Clear();
                }
                else if (changed.Count == 0)
                {
                    Table[] tables = [.. read.Values];
                    Array.Sort(tables, static (left, right) => TableId.Compare(left.Id, right.Id));
                    return new NftSnapshot(watcher.Generation != 0 ? watcher.Generation : generation, tables);
                }
            }
        }

        throw new UnstableTablesException([.. changed]);

        void Note(NftEvent change)
        {
            TableId id = new(Backend.Nft, (Family)change.Family, change.Table);
            if (wanted(id))
            {
                changed.Add(id);
            }
        }
    }

    private static bool ReadMissing(
        NftSocket socket,
        SetNames names,
        Func<TableId, bool> wanted,
        Func<TableId, string, IReadOnlyList<Rule>?> known,
        bool keepsBytes,
        Dictionary<TableId, Table> read)
    {
        if (NftLists.Read(socket, wanted) is not { } lists)
        {
            return false;
        }

        foreach (TableId gone in read.Keys.Where(id => !lists.Tables.ContainsKey(id)).ToArray())
        {
            read.Remove(gone);
        }

        try
        {
            foreach ((TableId id, NftLists.Entry entry) in lists.Tables)
            {
                if (!read.ContainsKey(id))
                {
                    read[id] = new NftTableReader(socket, id, entry, names, keepsBytes).Read(known);
                }
            }

            return true;
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENOENT)
        {
            return false; // a chain or set of the list went away: its event tells which table to read again
        }
    }
}
