using IptablesAtom.Doctor;
using Xunit;

namespace IptablesAtom.Tests.Doctor;

/// <summary>What the tools really print.</summary>
public sealed class ToolVersionTests
{
    [Theory]
    [InlineData("iptables v1.8.9 (nf_tables)\n", "1.8.9", "nft")]
    [InlineData("ip6tables v1.8.9 (legacy)\n", "1.8.9", "legacy")]
    [InlineData("iptables v1.4.21\n", "1.4.21", null)]
    [InlineData("ebtables 1.8.9 (nf_tables)\n", "1.8.9", "nft")]
    [InlineData("nftables v1.0.6 (Lester Gooch #5)\n", "1.0.6", null)]
    [InlineData("ipset v7.17, protocol version: 7\n", "7.17", null)]
    [InlineData("conntrack v1.4.7 (conntrack-tools)\n", "1.4.7", null)]
    [InlineData("ip utility, iproute2-6.1.0, libbpf 1.1.2\n", "6.1.0", null)]
    [InlineData("", null, null)]
    public void IsRead(string output, string? version, string? backend) => Assert.Equal((version, backend), ToolChecks.Parse(output));
}
