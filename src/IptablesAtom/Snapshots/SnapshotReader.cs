using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>Reads everything firewall-like of a network namespace from the kernel. Changes nothing there, and makes no table by looking.</summary>
public static class SnapshotReader
{
    /// <summary>Reads a namespace.</summary>
    /// <param name="target">The namespace.</param>
    /// <exception cref="UnstableTablesException">Somebody keeps changing its nf_tables tables.</exception>
    public static Snapshot Read(NetworkNamespace target) => Read(target, static _ => true);

    /// <summary>Reads a namespace again: nf_tables only if its generation has moved since, which every commit to it does.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="before">As it was read before. Counters of its rules are as they were then.</param>
    /// <exception cref="UnstableTablesException">Somebody keeps changing its nf_tables tables.</exception>
    public static Snapshot ReadAgain(NetworkNamespace target, Snapshot before)
    {
        using NftSocket socket = NftSocket.Open(target);
        if (socket.Generation() != before.Generation)
        {
            return Read(target);
        }

        using SetNames names = new(target);
        return new Snapshot
        {
            Generation = before.Generation,
            Tables = [.. before.Tables.Where(table => table.Id.Backend == Backend.Nft), .. LegacySnapshot.Read(target, names.NameOf)],
            Sets = IpSetSnapshot.Read(target),
        };
    }

    /// <summary>Reads, to be compared, all sets and the tables that are wanted: rules without their bytes, and of nf_tables not those that are known.</summary>
    internal static Snapshot ReadToCompare(NetworkNamespace target, Func<TableId, bool> wanted, Func<TableId, string, IReadOnlyList<Rule>?> known) =>
        Read(target, wanted, known, keepsBytes: false);

    private static Snapshot Read(
        NetworkNamespace target, Func<TableId, bool> wanted, Func<TableId, string, IReadOnlyList<Rule>?>? known = null, bool keepsBytes = true)
    {
        using SetNames names = new(target);
        NftSnapshot nft = NftSnapshot.Read(target, wanted, known, keepsBytes);
        return new Snapshot
        {
            Generation = nft.Generation,
            Tables = [.. nft.Tables, .. LegacySnapshot.Read(target, names.NameOf, wanted, keepsBytes)],
            Sets = IpSetSnapshot.Read(target),
        };
    }
}
