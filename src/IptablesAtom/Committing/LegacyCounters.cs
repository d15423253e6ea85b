using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Committing;

/// <summary>A table's counters in the order of its entries.</summary>
internal static class LegacyCounters
{
    /// <summary>One counter for each entry: rules and policies as told, 0 for what stands between chains.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ofRule">By chain and position; the position behind the last rule is the policy (or a user chain's end).</param>
    internal static XtablesCounter[] InOrder(Table table, Func<Chain, int, Counter> ofRule)
    {
        List<XtablesCounter> counters = [];
        foreach (Chain chain in LegacyEncoder.Order(table))
        {
            if (!chain.IsBase)
            {
                counters.Add(default);
            }

            for (int position = 0; position <= chain.Rules.Count; position++)
            {
                Counter counter = ofRule(chain, position);
                counters.Add(new XtablesCounter(counter.Packets, counter.Bytes));
            }
        }

        counters.Add(default);
        return [.. counters];
    }

    /// <summary>The reverse: by chain, one counter for each rule and one for its end.</summary>
    internal static Dictionary<string, Counter[]> ByChain(Table table, ReadOnlySpan<XtablesCounter> inOrder)
    {
        Dictionary<string, Counter[]> result = new(StringComparer.Ordinal);
        int at = 0;
        foreach (Chain chain in LegacyEncoder.Order(table))
        {
            at += chain.IsBase ? 0 : 1;
            Counter[] counters = new Counter[chain.Rules.Count + 1];
            for (int position = 0; position < counters.Length; position++, at++)
            {
                counters[position] = new Counter(inOrder[at].Packets, inOrder[at].Bytes);
            }

            result[chain.Name] = counters;
        }

        return result;
    }
}
