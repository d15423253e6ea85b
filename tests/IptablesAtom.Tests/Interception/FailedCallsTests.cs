using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

public sealed class FailedCallsTests
{
    [Theory]
    [InlineData("iptables -A INPUT -j NOPE", 2, true)]
    [InlineData("iptables -w -t nat -I PREROUTING 1 -j DNAT", 2, true)]
    [InlineData("/sbin/ip6tables-legacy -P INPUT REJECT", 2, true)]
    [InlineData("iptables -N there", 1, false)]
    [InlineData("iptables -N -bad", 2, true)]
    [InlineData("iptables -D INPUT -j ACCEPT", 1, false)]
    [InlineData("iptables -C INPUT -j ACCEPT", 1, false)]
    [InlineData("iptables -X there", 1, false)]
    [InlineData("iptables -L nope", 1, false)]
    [InlineData("iptables -A INPUT -j ACCEPT", 0, false)]
    [InlineData("iptables-restore", 1, true)]
    [InlineData("ipset add none 1.2.3.4", 1, true)]
    [InlineData("ipset destroy none", 1, false)]
    [InlineData("ipset test none 1.2.3.4", 1, false)]
    [InlineData("nft add rule ip none none accept", 1, true)]
    [InlineData("nft delete table none", 1, false)]
    public void CountsWhatShouldHaveAdded(string words, int status, bool counts)
    {
        CallRecord call = new(words.Split(' '), "", 0) { Status = status };
        Assert.Equal(counts, FailedCalls.Of([call], OnError.Fail).Count == 1);
        Assert.Equal(status != 0, FailedCalls.Of([call], OnError.Strict).Count == 1);
        Assert.Empty(FailedCalls.Of([call], OnError.Ignore));
        call.IsHandled = true;
        Assert.Empty(FailedCalls.Of([call], OnError.Fail));
    }

    [Fact]
    public void AnUnwantedMessageIsAHandledFailure()
    {
        CallRecord call = new(["iptables", "-A", "INPUT", "-j", "NOPE"], "", 0) { Status = 2, IsMessageDiscarded = true };
        Assert.Empty(FailedCalls.Of([call], OnError.Fail));
        Assert.Single(FailedCalls.Of([call], OnError.Strict));
    }
}
