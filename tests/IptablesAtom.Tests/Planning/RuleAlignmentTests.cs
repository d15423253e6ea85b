using CsCheck;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using Xunit;

namespace IptablesAtom.Tests.Planning;

public sealed class RuleAlignmentTests
{
    [Fact]
    public void PairsAreACommonSubsequenceAndALongestOne() =>
        Gen.Select(Gen.Int[0, 12].Array[0, 60], Gen.Int[0, 12].Array[0, 60]).Sample(
            (left, right) =>
            {
                int[] partner = RuleAlignment.Align(Rules(left), Rules(right));
                AssertIsSubsequence(left, right, partner);
                Assert.Equal(Longest(left, right), partner.Count(place => place >= 0));
            },
            iter: 500);

    [Fact]
    public void LargeInputsArePairedInOrder() =>
        Gen.Select(Gen.Int[0, 100_000].Array[1000, 3000], Gen.Int[0, 500].Array[0, 20], Gen.Bool).Sample(
            (start, edits, isRepetitive) =>
            {
                int[] left = isRepetitive ? [.. start.Select(value => value % 7)] : start;
                List<int> right = [.. left];
                foreach (int edit in edits)
                {
                    right.RemoveAt(edit);
                    right.Insert((edit * 7) % right.Count, 1_000_000 + edit);
                }

                int[] partner = RuleAlignment.Align(Rules(left), Rules([.. right]));
                AssertIsSubsequence(left, [.. right], partner);
                Assert.True(isRepetitive || partner.Count(place => place >= 0) >= left.Length - edits.Length);
            },
            iter: 30);

    private static void AssertIsSubsequence(int[] left, int[] right, int[] partner)
    {
        int last = -1;
        for (int index = 0; index < left.Length; index++)
        {
            if (partner[index] >= 0)
            {
                Assert.True(partner[index] > last);
                Assert.Equal(left[index], right[partner[index]]);
                last = partner[index];
            }
        }
    }

    private static int Longest(int[] left, int[] right)
    {
        int[,] length = new int[left.Length + 1, right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                length[i, j] = left[i - 1] == right[j - 1]
                    ? length[i - 1, j - 1] + 1
                    : Math.Max(length[i - 1, j], length[i, j - 1]);
            }
        }

        return length[left.Length, right.Length];
    }

    private static Rule[] Rules(int[] values) => [.. values.Select(value => new Rule { Raw = [], Key = new RuleKey((UInt128)value) })];
}
