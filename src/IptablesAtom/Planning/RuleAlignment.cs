using System.Runtime.InteropServices;
using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>Pairs the rules that two versions of a chain have in common, in order: a common subsequence.</summary>
/// <remarks>
/// Equal ends are cut off first, so a changed rule among 100,000 costs one pass. What is left is divided at the rules that
/// occur once on each side (patience), exactly solved where it is small, and paired by occurrence where it is large and full of
/// repetitions. O(n log n); the result is a longest one in all but that last case.
/// </remarks>
internal static class RuleAlignment
{
    private const int ExactCells = 1 << 16;

    /// <summary>For each rule of <paramref name="left"/> the index of its partner in <paramref name="right"/>, or -1.</summary>
    internal static int[] Align(IReadOnlyList<Rule> left, IReadOnlyList<Rule> right) =>
        Align(left.Count, index => left[index].Key, right.Count, index => right[index].Key);

    /// <inheritdoc cref="Align(IReadOnlyList{Rule}, IReadOnlyList{Rule})"/>
    internal static int[] Align(IReadOnlyList<BaseRule> left, IReadOnlyList<Rule> right) =>
        Align(left.Count, index => left[index].Key, right.Count, index => right[index].Key);

    private static int[] Align(int leftCount, Func<int, RuleKey> leftKey, int rightCount, Func<int, RuleKey> rightKey)
    {
        int[] partner = new int[leftCount];
        int start = 0;
        while (start < leftCount && start < rightCount && leftKey(start) == rightKey(start))
        {
            partner[start] = start;
            start++;
        }

        if (start == leftCount)
        {
            return partner;
        }

        partner.AsSpan(start).Fill(-1);
        Dictionary<RuleKey, int> numbers = [];
        int[] left = Number(leftCount, leftKey, start, numbers);
        int[] right = Number(rightCount, rightKey, start, numbers);
        new Work(left, right, numbers.Count, partner, start).Solve();
        return partner;
    }

    /// <summary>Small numbers in place of the keys from <paramref name="start"/> on: cheaper to compare, and to count in arrays.</summary>
    private static int[] Number(int count, Func<int, RuleKey> key, int start, Dictionary<RuleKey, int> numbers)
    {
        int[] result = new int[count - start];
        for (int index = start; index < count; index++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key(index), out bool known);
            if (!known)
            {
                number = numbers.Count - 1;
            }

            result[index - start] = number;
        }

        return result;
    }

    private sealed class Work(int[] left, int[] right, int keys, int[] partner, int offset)
    {
        private readonly int[] _leftCount = new int[keys];
        private readonly int[] _rightCount = new int[keys];
        private readonly int[] _rightAt = new int[keys];
        private readonly Stack<(int Left, int LeftEnd, int Right, int RightEnd)> _gaps = new();

        internal void Solve()
        {
            _gaps.Push((0, left.Length, 0, right.Length));
            while (_gaps.TryPop(out (int Left, int LeftEnd, int Right, int RightEnd) gap))
            {
                Solve(gap.Left, gap.LeftEnd, gap.Right, gap.RightEnd);
            }
        }

        private void Pair(int l, int r) => partner[l + offset] = r + offset;

        private void Solve(int l, int lEnd, int r, int rEnd)
        {
            while (l < lEnd && r < rEnd && left[l] == right[r])
            {
                Pair(l++, r++);
            }

            while (l < lEnd && r < rEnd && left[lEnd - 1] == right[rEnd - 1])
            {
                Pair(--lEnd, --rEnd);
            }

            if (l == lEnd || r == rEnd)
            {
                return;
            }

            if ((long)(lEnd - l) * (rEnd - r) <= ExactCells)
            {
                SolveExactly(l, lEnd, r, rEnd);
                return;
            }

            List<(int Left, int Right)> anchors = Increasing(Unique(l, lEnd, r, rEnd));
            if (anchors.Count == 0)
            {
                Increasing(ByOccurrence(l, lEnd, r, rEnd)).ForEach(pair => Pair(pair.Left, pair.Right));
                return;
            }

            foreach ((int anchorLeft, int anchorRight) in anchors)
            {
                _gaps.Push((l, anchorLeft, r, anchorRight));
                Pair(anchorLeft, anchorRight);
                (l, r) = (anchorLeft + 1, anchorRight + 1);
            }

            _gaps.Push((l, lEnd, r, rEnd));
        }

        private List<(int Left, int Right)> Unique(int l, int lEnd, int r, int rEnd)
        {
            for (int i = r; i < rEnd; i++)
            {
                _rightCount[right[i]]++;
                _rightAt[right[i]] = i;
            }

            for (int i = l; i < lEnd; i++)
            {
                _leftCount[left[i]]++;
            }

            List<(int Left, int Right)> pairs = [];
            for (int i = l; i < lEnd; i++)
            {
                if (_leftCount[left[i]] == 1 && _rightCount[left[i]] == 1)
                {
                    pairs.Add((i, _rightAt[left[i]]));
                }
            }

            for (int i = r; i < rEnd; i++)
            {
                _rightCount[right[i]] = 0;
            }

            for (int i = l; i < lEnd; i++)
            {
                _leftCount[left[i]] = 0;
            }

            return pairs;
        }

        private List<(int Left, int Right)> ByOccurrence(int l, int lEnd, int r, int rEnd)
        {
            Dictionary<int, Queue<int>> places = [];
            for (int i = r; i < rEnd; i++)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(places, right[i], out _) ??= new Queue<int>()).Enqueue(i);
            }

            List<(int Left, int Right)> pairs = [];
            for (int i = l; i < lEnd; i++)
            {
                if (places.TryGetValue(left[i], out Queue<int>? queue) && queue.TryDequeue(out int place))
                {
                    pairs.Add((i, place));
                }
            }

            return pairs;
        }

        /// <summary>The longest part of the pairs (in order of their left sides) whose right sides increase.</summary>
        private static List<(int Left, int Right)> Increasing(List<(int Left, int Right)> pairs) =>
            IncreasingSubsequence.Longest([.. pairs.Select(pair => pair.Right)]).ConvertAll(i => pairs[i]);

        private void SolveExactly(int l, int lEnd, int r, int rEnd)
        {
            int width = rEnd - r + 1;
            int[] length = new int[(lEnd - l + 1) * width];
            for (int i = lEnd - l - 1; i >= 0; i--)
            {
                for (int j = rEnd - r - 1; j >= 0; j--)
                {
                    length[(i * width) + j] = left[l + i] == right[r + j]
                        ? length[((i + 1) * width) + j + 1] + 1
                        : Math.Max(length[((i + 1) * width) + j], length[(i * width) + j + 1]);
                }
            }

            for (int i = 0, j = 0; i < lEnd - l && j < rEnd - r;)
            {
                if (left[l + i] == right[r + j])
                {
                    Pair(l + i++, r + j++);
                }
                else if (length[((i + 1) * width) + j] >= length[(i * width) + j + 1])
                {
                    i++;
                }
                else
                {
                    j++;
                }
            }
        }
    }
}
