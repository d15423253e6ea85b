using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>
/// Which of two bases is in force. A run that is killed between its commit and its last write leaves the base of before and the one it meant to leave: live tells
/// which of them it was, because a commit is whole.
/// </summary>
internal static class BaseMatch
{
    /// <summary>True if live is as <paramref name="intended"/> says where the two differ, more than as <paramref name="before"/> says.</summary>
    internal static bool IsInForce(Base intended, Base before, Snapshot live)
    {
        int balance = 0;
        foreach (TableId table in intended.Tables.Keys.Union(before.Tables.Keys))
        {
            IEnumerable<string> names = Names(intended, table).Union(Names(before, table));
            foreach (string name in names)
            {
                BaseChain? after = intended.Find(table, name);
                BaseChain? old = before.Find(table, name);
                Chain? now = live.Find(table)?.Chains.FirstOrDefault(chain => chain.Name == name);
                balance += Weigh(Same(after, now), Same(old, now));
            }
        }

        foreach (string name in intended.Sets.Keys.Union(before.Sets.Keys))
        {
            ulong[]? now = live.FindSet(name) is IpSet set ? IpSetEntries.Identities(set) : null;
            balance += Weigh(Same(intended.Sets.GetValueOrDefault(name), now), Same(before.Sets.GetValueOrDefault(name), now));
        }

        return balance > 0;
    }

    private static int Weigh(bool intended, bool before) => intended == before ? 0 : intended ? 1 : -1;

    /// <summary>A chain without anything of ours is in no base, and says nothing.</summary>
    private static bool Same(BaseChain? ours, Chain? now) =>
        ours is null ? now is null : now is not null && ours.Rules.Select(rule => rule.Key).SequenceEqual(now.Rules.Select(rule => rule.Key));

    private static bool Same(IReadOnlyList<BaseSet>? ours, ulong[]? now) =>
        ours is null ? now is null : now is not null && ours.SelectMany(part => part.Entries).Distinct().Order().SequenceEqual(now);

    private static IEnumerable<string> Names(Base all, TableId table) => all.Tables.GetValueOrDefault(table)?.Keys ?? [];
}
