using IptablesAtom.Model;
using IptablesAtom.Planning;

namespace IptablesAtom.Committing;

/// <summary>The least work that makes a chain's live rules the desired ones, most of them staying as they are.</summary>
/// <param name="Kept">For each desired rule the live rule that stays in its place, or null if the desired one must be written.</param>
/// <param name="Deleted">The live rules that go.</param>
/// <remarks>
/// Rules are paired by identity first (the plan keeps live's own objects), then by key, equal ones in order. Of the pairs the
/// longest sequence that is in order on both sides stays; the rest moves, which is a delete and an insert.
/// </remarks>
internal sealed record NftDelta(IReadOnlyList<Rule?> Kept, IReadOnlyList<Rule> Deleted)
{
    /// <summary>How many rules are deleted or written.</summary>
    internal int Changes => Deleted.Count + Kept.Count(static rule => rule is null);

    internal static NftDelta Compute(IReadOnlyList<Rule> live, IReadOnlyList<Rule> desired)
    {
        int[] pairs = Pair(live, desired);
        Rule?[] kept = new Rule?[desired.Count];
        bool[] used = new bool[live.Count];
        foreach (int i in IncreasingSubsequence.Longest(pairs))
        {
            kept[i] = live[pairs[i]];
            used[pairs[i]] = true;
        }

        List<Rule> deleted = [];
        for (int i = 0; i < live.Count; i++)
        {
            if (!used[i])
            {
                deleted.Add(live[i]);
            }
        }

        return new NftDelta(kept, deleted);
    }

    /// <summary>For each desired rule the position of its live partner, or -1.</summary>
    private static int[] Pair(IReadOnlyList<Rule> live, IReadOnlyList<Rule> desired)
    {
        int[] pairs = new int[desired.Count];
        Array.Fill(pairs, -1);
        Dictionary<Rule, int> byIdentity = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < live.Count; i++)
        {
            byIdentity[live[i]] = i;
        }

        bool[] taken = new bool[live.Count];
        for (int i = 0; i < desired.Count; i++)
        {
            if (byIdentity.TryGetValue(desired[i], out int position))
            {
                pairs[i] = position;
                taken[position] = true;
            }
        }

        Dictionary<RuleKey, Queue<int>> byKey = [];
        for (int i = 0; i < live.Count; i++)
        {
            if (!taken[i])
            {
                if (!byKey.TryGetValue(live[i].Key, out Queue<int>? positions))
                {
                    byKey[live[i].Key] = positions = new Queue<int>(1);
                }

                positions.Enqueue(i);
            }
        }

        for (int i = 0; i < desired.Count; i++)
        {
            if (pairs[i] < 0 && byKey.TryGetValue(desired[i].Key, out Queue<int>? positions) && positions.TryDequeue(out int position))
            {
                pairs[i] = position;
            }
        }

        return pairs;
    }
}
