using Xunit;

namespace IptablesAtom.Tests.Support;

public sealed class TestNamespaceTests
{
    [Fact]
    public void HasTablesOfItsOwn()
    {
        using TestNamespace one = new();
        using TestNamespace two = new();
        one.Sh("iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT");
        Assert.Contains("--dport 22", one.Dump(), StringComparison.Ordinal);
        Assert.DoesNotContain("--dport 22", two.Dump(), StringComparison.Ordinal);
    }
}
