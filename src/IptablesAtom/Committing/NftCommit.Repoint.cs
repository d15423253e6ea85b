using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    /// <summary>
    /// After the flip, when the changed ipsets have their content under their own names: rules that look at temporary sets are
    /// replaced in their places by ones that look at the final sets, with their counters. No other rule is written.
    /// </summary>
    /// <param name="finalIndex">The index of an ipset by name, from now on.</param>
    internal void Repoint(Func<string, ushort> finalIndex)
    {
        Dictionary<ushort, ushort> moved = [];
        HashSet<(TableId Table, string Chain)> chains = [];
        foreach (NftTableWork work in _works)
        {
            foreach (Chain chain in work.Desired?.Chains ?? [])
            {
                foreach (SetReference set in chain.Rules.SelectMany(rule => rule.Sets))
                {
                    (ushort now, ushort then) = (_setIndex(set.Name), finalIndex(set.Name));
                    if (now != then)
                    {
                        moved[now] = then;
                        chains.Add((work.Id, TemporaryOf(work.Id, chain.Name) ?? chain.Name));
                    }
                }
            }
        }

        _setIndex = finalIndex;
        if (chains.Count == 0)
        {
            return;
        }

        _step("nft repoint");
        SendAfterReading(batch =>
        {
            foreach ((TableId table, string chain) in chains)
            {
                foreach (NftDumpedRule dumped in NftDumpedRule.Read(_socket, table, chain))
                {
                    if (MoveIndexes(dumped.Raw, moved))
                    {
                        Rule rule = new() { Raw = dumped.Raw, UserData = dumped.UserData, Key = default };
                        batch.ReplaceRule(table, chain, rule, dumped.Handle);
                    }
                }
            }
        });
    }

    private string? TemporaryOf(TableId table, string chain) =>
        _policies.Find(policy => policy.Table == table && policy.Chain.Name == chain)?.Temporary;

    private static bool MoveIndexes(byte[] raw, Dictionary<ushort, ushort> moved)
    {
        bool any = false;
        foreach (Expression expression in new ExpressionReader(raw))
        {
            ReadOnlySpan<int> offsets = NftXtSets.OffsetsIn(expression);
            if (offsets.IsEmpty || !expression.TryFind(ExpressionAttribute.XtInfo, out var info))
            {
                continue;
            }

            _ = raw.AsSpan().Overlaps(info.Value, out int start);
            foreach (int offset in offsets)
            {
                Span<byte> place = raw.AsSpan(start + offset, 2);
                if (moved.TryGetValue(BinaryPrimitives.ReadUInt16LittleEndian(place), out ushort index))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(place, index);
                    any = true;
                }
            }
        }

        return any;
    }
}
