using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Snapshots;

/// <summary>Reads the legacy tables of a namespace.</summary>
internal static class LegacySnapshot
{
    /// <summary>Every legacy table that exists, of IPv4, IPv6 and ARP. Makes none: only what /proc lists is asked for.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="setName">The name of the ipset with an index there.</param>
    /// <param name="wanted">Which of them; null for all.</param>
    /// <param name="keepsBytes">False if rules are only compared: then they come without their bytes.</param>
    internal static IReadOnlyList<Table> Read(
        NetworkNamespace target, Func<ushort, string> setName, Func<TableId, bool>? wanted = null, bool keepsBytes = true)
    {
        using LegacySockets sockets = new(target);
        List<Table> tables =
        [
            .. sockets.Existing().Where(id => wanted is null || wanted(id))
                .Select(id => LegacyDecoder.Decode(id, sockets[id.Family].GetEntries(id.Name), setName, keepsBytes)),
        ];
        tables.Sort((left, right) => TableId.Compare(left.Id, right.Id));
        return tables;
    }

    /// <summary>The same, looking the names of sets up itself.</summary>
    /// <param name="target">The namespace.</param>
    internal static IReadOnlyList<Table> Read(NetworkNamespace target)
    {
        using SetNames names = new(target);
        return Read(target, names.NameOf);
    }
}
