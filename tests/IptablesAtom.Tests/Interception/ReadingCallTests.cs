using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>Which calls surely change nothing.</summary>
public sealed class ReadingCallTests
{
    [Theory]
    [InlineData("iptables -L", true)]
    [InlineData("/sbin/iptables -t nat -nvL PREROUTING --line-numbers", true)]
    [InlineData("iptables -w -t nat -S", true)]
    [InlineData("ip6tables -C INPUT -s ::1 -j ACCEPT", true)]
    [InlineData("iptables-legacy-save -c", true)]
    [InlineData("ebtables -t nat -L", true)]
    [InlineData("ipset list -n", true)]
    [InlineData("ipset -L", true)]
    [InlineData("ipset test s 192.0.2.1", true)]
    [InlineData("ipset -q -o xml list s", true)]
    [InlineData("ipset -F list", false)]
    [InlineData("nft -a list ruleset", true)]
    [InlineData("iptables -F", false)]
    [InlineData("iptables -D INPUT -j LIST", false)]
    [InlineData("iptables -A INPUT -j LOG --log-prefix -L", false)]
    [InlineData("iptables -t nat -X", false)]
    [InlineData("iptables-restore -n rules", false)]
    [InlineData("iptables -nvZ", false)]
    [InlineData("ipset flush list", false)]
    [InlineData("ipset restore", false)]
    [InlineData("nft -f list", false)]
    [InlineData("nft flush ruleset", false)]
    [InlineData("nft", false)]
    [InlineData("ipset", false)]
    public void KnowsWhatReads(string call, bool reads) => Assert.Equal(reads, ReadingCall.Is(new CallRecord(call.Split(' '), "", 0)));
}
