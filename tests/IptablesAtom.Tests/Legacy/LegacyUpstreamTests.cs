using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

/// <summary>Every rule that the legacy tools here accept goes over by a commit: the built-in list, and the iptables test suite where it is at hand.</summary>
public sealed class LegacyUpstreamTests
{
    [Fact]
    public void EveryAcceptedRuleIsCommitted()
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        RuleLine[] lines = [.. RuleLine.All()];
        int accepted = staging.Load(lines);
        Assert.True(accepted > lines.Length / 2, $"only {accepted} of {lines.Length} rules were accepted");

        // The sets stand under other indexes in live.
        live.Sh("ipset create first hash:ip; ipset create hosts6 hash:ip family inet6 timeout 0 counters; ipset create hosts hash:ip timeout 0 counters; ipset destroy first");
        LegacyPlan.Commit(live, staging);
        Assert.Equal(staging.Dump(), live.Dump());
        Assert.Equal(Committing.LegacyMethod.Nothing, LegacyPlan.Commit(live, staging));

        // Every third rule of INPUT goes: the rest keeps its place.
        staging.Sh("for n in $(seq $(iptables-legacy -S INPUT | wc -l) -3 2); do iptables-legacy -D INPUT $((n - 1)); done");
        LegacyPlan.Commit(live, staging);
        Assert.Equal(staging.Dump(), live.Dump());
        TestContext.Current.TestOutputHelper?.WriteLine($"{accepted} of {lines.Length} rules");
    }
}
