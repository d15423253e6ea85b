using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Committing;

/// <summary>
/// What the rules of a table have seen on their way from live to desired. Each replace gives the old entries' counters and starts the new ones
/// at 0; here they are summed up, so that rules that stay keep theirs.
/// </summary>
internal sealed class LegacyCarry
{
    private readonly Table _live;
    private readonly Table _desired;
    private readonly Dictionary<string, Counter[]> _old;
    private readonly Dictionary<string, Counter[]> _new;

    internal LegacyCarry(Table live, Table desired)
    {
        _live = live;
        _desired = desired;
        _old = Zero(live);
        _new = Zero(desired);
    }

    /// <summary>Counters of live's entries.</summary>
    internal void AddLive(ReadOnlySpan<XtablesCounter> counters)
    {
        foreach ((string chain, Counter[] seen) in LegacyCounters.ByChain(_live, counters))
        {
            Sum(_old[chain], seen);
        }
    }

    /// <summary>Counters of desired's entries.</summary>
    internal void AddDesired(ReadOnlySpan<XtablesCounter> counters)
    {
        foreach ((string chain, Counter[] seen) in LegacyCounters.ByChain(_desired, counters))
        {
            Sum(_new[chain], seen);
        }
    }

    /// <summary>Counters of the entries of the two, merged.</summary>
    internal void AddMerged(Table merged, string prefix, ReadOnlySpan<XtablesCounter> counters)
    {
        Dictionary<string, Counter[]> seen = LegacyCounters.ByChain(merged, counters);
        foreach (Chain chain in _live.Chains)
        {
            Sum(_old[chain.Name], chain.IsBase ? seen[chain.Name].AsSpan(1) : seen[chain.Name]);
        }

        Dictionary<string, string> names = LegacyMerge.Renaming(_live, _desired, prefix);
        foreach (Chain chain in _desired.Chains)
        {
            if (chain.Hook is { Number: var hook })
            {
                Sum(_new[chain.Name].AsSpan(0, chain.Rules.Count), seen[LegacyMerge.NewOf(prefix, hook)]);
                Sum(_new[chain.Name].AsSpan(chain.Rules.Count), seen[LegacyMerge.WrapperOf(prefix, hook)].AsSpan(1));
            }
            else
            {
                Sum(_new[chain.Name], seen[names[chain.Name]]);
            }
        }
    }

    /// <summary>For live, put back.</summary>
    internal XtablesCounter[] ForLive() => LegacyCounters.InOrder(_live, (chain, position) => _old[chain.Name][position]);

    /// <summary>For desired: what its rules have seen since the flip and, unless told otherwise, what the equal rules of the same chain had seen before.</summary>
    internal XtablesCounter[] ForDesired(bool fromZero)
    {
        if (!fromZero)
        {
            foreach (Chain chain in _desired.Chains)
            {
                if (_live.Find(chain.Name) is { } before)
                {
                    AddEqual(before, chain);
                }
            }
        }

        return LegacyCounters.InOrder(_desired, (chain, position) => _new[chain.Name][position]);
    }

    private void AddEqual(Chain before, Chain after)
    {
        Dictionary<RuleKey, Queue<int>> positions = [];
        for (int at = 0; at < before.Rules.Count; at++)
        {
            if (!positions.TryGetValue(before.Rules[at].Key, out Queue<int>? queue))
            {
                positions[before.Rules[at].Key] = queue = [];
            }

            queue.Enqueue(at);
        }

        Counter[] old = _old[before.Name];
        Counter[] counters = _new[after.Name];
        for (int at = 0; at < after.Rules.Count; at++)
        {
            if (positions.TryGetValue(after.Rules[at].Key, out Queue<int>? queue) && queue.TryDequeue(out int match))
            {
                counters[at] = Plus(counters[at], old[match]);
            }
        }

        counters[^1] = Plus(counters[^1], old[^1]);
    }

    private static Dictionary<string, Counter[]> Zero(Table table) =>
        table.Chains.ToDictionary(chain => chain.Name, chain => new Counter[chain.Rules.Count + 1], StringComparer.Ordinal);

    /// <summary>Adds as many as both have.</summary>
    private static void Sum(Span<Counter> total, ReadOnlySpan<Counter> seen)
    {
        for (int at = 0; at < Math.Min(total.Length, seen.Length); at++)
        {
            total[at] = Plus(total[at], seen[at]);
        }
    }

    private static Counter Plus(Counter one, Counter other) => new(one.Packets + other.Packets, one.Bytes + other.Bytes);
}
