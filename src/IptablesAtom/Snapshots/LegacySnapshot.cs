using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>Reads the legacy tables of a namespace.</summary>
internal static class LegacySnapshot
{
    /// <summary>Every legacy table that exists, of IPv4, IPv6 and ARP. Makes none: only what /proc lists is asked for.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="setName">The name behind an ipset's index there.</param>
    internal static IReadOnlyList<Table> Read(NetworkNamespace target, Func<ushort, string> setName)
    {
        List<Table> tables = [];
        foreach (Family family in LegacyFamilies.All)
        {
            IReadOnlyList<string> names = XtablesNames.Read(target, family.Xtables);
            if (names.Count == 0)
            {
                continue;
            }

            using XtablesSocket socket = XtablesSocket.Open(target, family.Xtables);
            tables.AddRange(names.Select(name =>
                LegacyDecoder.Decode(new TableId(Backend.Legacy, family, name), socket.GetEntries(name), setName)));
        }

        tables.Sort((left, right) => TableId.Compare(left.Id, right.Id));
        return tables;
    }
}
