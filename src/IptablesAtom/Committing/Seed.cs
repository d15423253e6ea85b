using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Fills a staging namespace with a copy of a firewall: sets, tables of both backends, counters.</summary>
internal static class Seed
{
    /// <summary>Copies a snapshot into a namespace that is still empty.</summary>
    /// <param name="source">What to copy; nothing for an empty start.</param>
    /// <param name="staging">The namespace.</param>
    /// <returns>The namespace as it then is: its handles and marks tell what was there before the script.</returns>
    internal static Snapshot Fill(Snapshot source, NetworkNamespace staging)
    {
        if (source.Tables.Count == 0 && source.Sets.Count == 0)
        {
            return Snapshot.Empty;
        }

        SetCommit.Seed(source.Sets, staging);
        using IpsetSocket socket = IpsetSocket.Open(staging);
        Dictionary<string, ushort> indexes = [];
        ushort IndexOf(string name)
        {
            if (!indexes.TryGetValue(name, out ushort index))
            {
                index = socket.FindIndex(name) ?? throw new IpsetException($"look-up of the ipset {name} in staging", (int)IpsetError.NotFound);
                indexes.Add(name, index);
            }

            return index;
        }

        NftCommit.Seed(staging, [.. source.Tables.Where(table => table.Id.Backend == Backend.Nft)], IndexOf);
        LegacySeed.Write(source.Tables.Where(table => table.Id.Backend == Backend.Legacy), staging, IndexOf);
        return SnapshotReader.Read(staging);
    }
}
