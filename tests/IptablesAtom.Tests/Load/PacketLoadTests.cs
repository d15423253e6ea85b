using IptablesAtom.Load;
using Xunit;

namespace IptablesAtom.Tests.Load;

/// <summary>The measuring instrument is right: nothing is wrong when nothing changes, and what is really wrong is seen.</summary>
public sealed class PacketLoadTests
{
    private static readonly PacketClass[] Classes =
    [
        .. PacketClass.Both("open", 1000, Expectation.Accepted),
        .. PacketClass.Both("shut", 1001, Expectation.Dropped, source: 7),
        .. PacketClass.Both("through", 1002, Expectation.Accepted, Destination.Server, source: 32),
        .. PacketClass.Both("not through", 1003, Expectation.Dropped, Destination.Server),
    ];

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void NothingIsWrongWhileNothingChanges(string backend)
    {
        using LoadNetwork network = new();
        LoadFirewall(network, backend);
        using PacketLoad load = PacketLoad.Start(network, Classes);
        Thread.Sleep(500);
        LoadResult result = load.Stop();
        Assert.True(result is { WronglyAccepted: 0, WronglyDropped: 0 }, result.ToString());
        Assert.All(result.Classes, item => Assert.True(item.Sent > 100));
        Assert.All(result.Classes, item => Assert.Equal(item.Class.Expectation == Expectation.Accepted ? item.Sent : 0, item.Received));
    }

    [Fact]
    public void SeesWhatIsWrong()
    {
        using LoadNetwork network = new();
        LoadFirewall(network, "nft");
        using PacketLoad load = PacketLoad.Start(network, Classes);
        Thread.Sleep(200);
        network.Sh("iptables-nft -F; iptables-nft -P INPUT ACCEPT; ip6tables-nft -F FORWARD");
        Thread.Sleep(200);
        LoadResult result = load.Stop();
        ClassResult Of(string name) => result.Classes.Single(item => item.Class.Name == name);
        Assert.NotEmpty(Of("shut v4").WrongAt);
        Assert.NotEmpty(Of("through v4").WrongAt);
        Assert.NotEmpty(Of("through v6").WrongAt);
        Assert.Empty(Of("shut v6").WrongAt);
        Assert.Empty(Of("open v6").WrongAt);
        Assert.Equal(result.WronglyAccepted, Of("shut v4").WrongAt.Count);
        Assert.All(Of("shut v4").WrongAt, at => Assert.InRange(at, TimeSpan.FromMilliseconds(150), result.Duration));
    }

    /// <summary>Both coupled firewalls treat every class as it says, and restoring one over the other shows packets between the two.</summary>
    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void CoupledFirewallsAgree(string backend)
    {
        CoupledFirewall firewall = new(filler: 20);
        foreach (bool isB in new[] { false, true })
        {
            using LoadNetwork network = new();
            network.Sh(firewall.Baseline(isB, backend));
            using PacketLoad load = PacketLoad.Start(network, CoupledFirewall.Classes);
            Thread.Sleep(300);
            LoadResult result = load.Stop();
            Assert.True(result is { WronglyAccepted: 0, WronglyDropped: 0 }, $"{(isB ? 'B' : 'A')}: {result}");
            Assert.All(
                result.Classes.Where(item => item.Class.Expectation == Expectation.Either),
                item => Assert.Equal(isB ? 0 : item.Sent, item.Received));
        }
    }

    private static void LoadFirewall(LoadNetwork network, string backend) => network.Sh($"""
        set -e
        for t in iptables-{backend} ip6tables-{backend}; do
          $t -P INPUT DROP; $t -P FORWARD DROP
          $t -A INPUT -p udp --dport 1000 -j ACCEPT
          $t -A FORWARD -p udp --dport 1002 -j ACCEPT
        done
        """);
}
