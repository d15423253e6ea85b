using CsCheck;
using IptablesAtom.Committing;
using IptablesAtom.Model;
using Xunit;

namespace IptablesAtom.Tests.Nft;

public sealed class NftDeltaTests
{
    [Fact]
    public void ApplyingItGivesTheDesiredChain() =>
        Gen.Select(Gen.Int[0, 12].List[0, 30], Gen.Int[0, 12].List[0, 30]).Sample((before, after) =>
        {
            List<Rule> live = Rules(before);
            List<Rule> desired = Rules(after);
            NftDelta delta = NftDelta.Compute(live, desired);
            List<Rule> kept = [.. live.Where(rule => !delta.Deleted.Contains(rule))];

            // What stays is in live's order, and stands where an equal rule is wanted.
            Assert.Equal(kept, delta.Kept.OfType<Rule>());
            for (int i = 0; i < desired.Count; i++)
            {
                Assert.Equal(desired[i].Key, (delta.Kept[i] ?? desired[i]).Key);
            }
        });

    [Fact]
    public void OneChangeIsOneDeleteAndOneInsert() =>
        Gen.Select(Gen.Int[1, 200], Gen.Double[0, 1]).Sample((count, where) =>
        {
            List<Rule> live = Rules([.. Enumerable.Range(0, count)]);
            List<Rule> desired = [.. live];
            desired[(int)(where * (count - 1))] = Rules([-1])[0];
            Assert.Equal(2, NftDelta.Compute(live, desired).Changes);
        });

    [Fact]
    public void LiveObjectsStayThoughEqualOnesStandBefore()
    {
        List<Rule> live = Rules([1, 1, 2]);
        NftDelta delta = NftDelta.Compute(live, [live[1], live[2]]);
        Assert.Same(live[1], delta.Kept[0]);
        Assert.Same(live[0], Assert.Single(delta.Deleted));
    }

    private static List<Rule> Rules(List<int> numbers) =>
        numbers.ConvertAll(number => new Rule { Raw = [], Key = RuleKey.Of(BitConverter.GetBytes(number)) });
}
