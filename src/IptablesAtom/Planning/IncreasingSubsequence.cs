namespace IptablesAtom.Planning;

/// <summary>What can stay where it is when a list is brought into another order.</summary>
internal static class IncreasingSubsequence
{
    /// <summary>A longest increasing part of some numbers, by patience sorting: the last element of the best part of each length, and back links.</summary>
    /// <param name="values">The numbers; negative ones are left out.</param>
    /// <returns>The indexes of the part, ascending.</returns>
    internal static List<int> Longest(IReadOnlyList<int> values)
    {
        List<int> tails = [];
        int[] before = new int[values.Count];
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] < 0)
            {
                continue;
            }

            int low = 0;
            for (int high = tails.Count; low < high;)
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

            before[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
            {
                tails.Add(i);
            }
            else
            {
                tails[low] = i;
            }
        }

        List<int> part = new(tails.Count);
        for (int i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = before[i])
        {
            part.Add(i);
        }

        part.Reverse();
        return part;
    }
}
