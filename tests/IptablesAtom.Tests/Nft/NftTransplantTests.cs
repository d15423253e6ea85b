using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

public sealed class NftTransplantTests
{
    [Fact]
    public void RulesOfAllFamiliesArrive()
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        staging.Sh(NftCorpus.Rules);
        live.Sh("ipset create other hash:ip; ipset create blocked hash:net; ipset create log hash:ip");
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
        Assert.Equal(NftTestPlan.Nft(staging), NftTestPlan.Nft(live));
    }

    [Fact]
    public void UnchangedSendsNothing()
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        staging.Sh(NftCorpus.Rules);
        live.Sh("ipset create other hash:ip; ipset create blocked hash:net; ipset create log hash:ip");
        NftTestPlan.Transplant(live, staging);
        uint before = NftTestPlan.Read(live).Generation;
        Assert.Equal(0, NftTestPlan.Transplant(live, staging));
        Assert.Equal(before, NftTestPlan.Read(live).Generation);
    }
}
