using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

public sealed class LegacyBridgeTests
{
    /// <summary>Where the kernel has ebtables-legacy its rules are refused by name; where it has not, the tool itself fails and nothing is there to refuse.</summary>
    [Fact]
    public void RulesOfEbtablesLegacyAreRefused()
    {
        using TestNamespace staging = new();
        LegacyBridge.Refuse(staging.Namespace);
        if (staging.Try("ebtables-legacy -t nat -A PREROUTING -j DROP").Status == 0)
        {
            Assert.Equal(["nat"], Assert.Throws<LegacyBridgeException>(() => LegacyBridge.Refuse(staging.Namespace)).Tables);
        }
        else
        {
            LegacyBridge.Refuse(staging.Namespace);
        }
    }
}
