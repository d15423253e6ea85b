using IptablesAtom.Model;

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
        bool[] stays = LongestIncreasing(pairs);
        Rule?[] kept = new Rule?[desired.Count];
        bool[] used = new bool[live.Count];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (stays[i])
            {
                kept[i] = live[pairs[i]];
                used[pairs[i]] = true;
            }
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

    /// <summary>Marks a longest increasing subsequence, -1 left out: the last element of the best sequence of each length, and back links.</summary>
    private static bool[] LongestIncreasing(int[] values)
    {
        List<int> tails = [];
        int[] previous = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                continue;
            }

            int low = 0;
            int high = tails.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (values[tails[middle]] < values[i])
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            previous[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
            {
                tails.Add(i);
            }
            else
            {
                tails[low] = i;
            }
        }

        bool[] marked = new bool[values.Length];
        for (int i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = previous[i])
        {
            marked[i] = true;
        }

        return marked;
    }
}
