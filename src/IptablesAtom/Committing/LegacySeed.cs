using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Puts copies of legacy tables into a namespace that nobody else uses yet.</summary>
internal static class LegacySeed
{
    /// <summary>
    /// Copies tables with their counters. A rule that has seen nothing gets <c>{0 packets, 1 byte}</c>, which no packet can leave
    /// behind: so the rules that a script adds later, which begin at <c>{0, 0}</c>, are told from those that were there.
    /// </summary>
    /// <param name="tables">The tables; others of the namespace stay.</param>
    /// <param name="target">The namespace.</param>
    /// <param name="setIndex">The index there of an ipset.</param>
    internal static void Write(IEnumerable<Table> tables, NetworkNamespace target, Func<string, ushort> setIndex)
    {
        using LegacySockets sockets = new(target);
        foreach (Table table in LegacyEstimators.First(tables))
        {
            XtablesSocket socket = sockets[table.Id.Family];
            XtablesBlob blob = LegacyEncoder.Encode(table, setIndex);
            socket.Replace(table.Id.Name, blob, socket.GetInfo(table.Id.Name).EntryCount);
            socket.AddCounters(table.Id.Name, LegacyCounters.InOrder(table, Marked));
        }
    }

    private static Counter Marked(Chain chain, int position) => position == chain.Rules.Count
        ? chain.Counter
        : chain.Rules[position].Counter is { Packets: 0, Bytes: 0 } ? new Counter(0, 1) : chain.Rules[position].Counter;
}
