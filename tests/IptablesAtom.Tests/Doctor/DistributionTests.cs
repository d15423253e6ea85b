using IptablesAtom.Doctor;
using Xunit;

namespace IptablesAtom.Tests.Doctor;

public sealed class DistributionTests
{
    [Theory]
    [InlineData("ID=debian", "apt-get install arptables conntrack ipset iptables nftables")]
    [InlineData("ID=ubuntu\nID_LIKE=debian", "apt-get install arptables conntrack ipset iptables nftables")]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", "dnf install conntrack-tools ipset iptables-legacy iptables-nft nftables")]
    [InlineData("ID=fedora", "dnf install conntrack-tools ipset iptables-legacy iptables-nft nftables")]
    [InlineData("ID=alpine", "apk add arptables conntrack-tools ipset iptables iptables-legacy nftables")]
    [InlineData("", "apt-get install arptables conntrack ipset iptables nftables")]
    public void NamesThePackagesOfEach(string osRelease, string expected)
    {
        FirewallTool[] tools = [.. new[] { "iptables", "ip6tables", "iptables-legacy", "nft", "ipset", "arptables", "conntrack" }.Select(Missing)];
        Assert.Equal(expected, DoctorReport.InstallCommand(Distribution.Parse(osRelease.Split('\n')), tools));
    }

    [Fact]
    public void InstallsNothingThatIsThere()
    {
        FirewallTool there = Missing("nft") with { Path = "/usr/sbin/nft" };
        Assert.Null(DoctorReport.InstallCommand(Distribution.Parse([]), [there]));
    }

    private static FirewallTool Missing(string name) => new(name, null, null, null, "", false);
}
