using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

public sealed class IpsetSocketTests
{
    [Fact]
    public void SpeaksAllCommands()
    {
        using TestNamespace space = new();
        using IpsetSocket sets = IpsetSocket.Open(space.Namespace);
        space.Sh("ipset create nets hash:net; ipset add nets 192.0.2.0/25; ipset create nets6 hash:net family inet6; ipset add nets6 2001:db8::/33");

        sets.Create("on", "list:set", 3, 0, []);
        sets.Create("off", "list:set", 3, 0, []);
        sets.AddMember("on", "nets");
        sets.AddMember("on", "nets6");
        Assert.Equal("nets nets6", Members(space, "on"));

        sets.Swap("on", "off");
        Assert.Equal("", Members(space, "on"));
        Assert.Equal("nets nets6", Members(space, "off"));

        sets.Rename("on", "none");
        Assert.Equal(["nets", "nets6"], sets.Names()[..2].Order());
        Assert.Equal(["none", "off"], sets.Names()[2..].Order());

        ushort index = sets.FindIndex("nets6") ?? throw new InvalidOperationException("no index");
        Assert.Equal("nets6", sets.FindName(index));
        Assert.Equal(new IpsetHeader("nets6", "hash:net", 7, 10), sets.FindHeader("nets6"));
        Assert.Null(sets.FindIndex("absent"));
        Assert.Null(sets.FindName(999));
        Assert.Null(sets.FindHeader("absent"));

        sets.Flush("off");
        sets.Flush("nets");
        sets.Destroy("off");
        sets.Destroy("none");
        sets.Destroy("none"); // passed over, as `ipset -exist destroy` does
        Assert.Equal(
            "add nets6 2001:db8::/33",
            space.Sh("ipset save | grep ^add").TrimEnd());
    }

    [Fact]
    public void NamesItsErrors()
    {
        using TestNamespace space = new();
        using IpsetSocket sets = IpsetSocket.Open(space.Namespace);
        space.Sh("ipset create a hash:ip; ipset create b hash:net; ipset create l list:set; ipset add l a; iptables-legacy -A INPUT -m set --match-set b src -j DROP");

        Assert.Equal(IpsetError.NotFound, Refusal(() => sets.Flush("absent")).Error);
        Assert.Equal(IpsetError.NotFound, Refusal(() => sets.List("absent", IpsetListing.Entries, _ => { })).Error);
        Assert.Equal(IpsetError.NameInUse, Refusal(() => sets.Create("a", "hash:ip", 4, 2, [])).Error);
        Assert.Equal(IpsetError.UnknownType, Refusal(() => sets.Create("c", "hash:nonsense", 0, 2, [])).Error);
        Assert.Equal(IpsetError.Busy, Refusal(() => sets.Destroy("a")).Error);
        Assert.Equal(IpsetError.Referenced, Refusal(() => sets.Rename("b", "c")).Error);
        Assert.Equal(IpsetError.TypeMismatch, Refusal(() => sets.Swap("a", "b")).Error);

        IpsetException refusal = Refusal(() => sets.Swap("a", "absent"));
        Assert.Equal(IpsetError.SecondName, refusal.Error);
        Assert.Equal("ipset swap a absent: the second name is in use, or is not there", refusal.Message);
    }

    [Fact]
    public void ARefusedCommandDoesNotStopTheOthersOfItsBatch()
    {
        using TestNamespace space = new();
        using IpsetSocket sets = IpsetSocket.Open(space.Namespace);
        space.Sh("for n in a b c; do ipset create $n hash:ip; ipset create new-$n hash:ip; ipset add new-$n 192.0.2.1; done");

        using IpsetBatch batch = sets.Batch();
        batch.Swap("a", "new-a");
        batch.Swap("absent", "new-b");
        batch.Swap("c", "new-c");
        Assert.Equal([0, (int)IpsetError.NotFound, 0], batch.TryExecute());
        Assert.Equal("add a 192.0.2.1\nadd c 192.0.2.1\nadd new-b 192.0.2.1", space.Sh("ipset save | grep ^add | sort").TrimEnd());
    }

    [Fact]
    public void TakesNamesOf31Characters()
    {
        using TestNamespace space = new();
        using IpsetSocket sets = IpsetSocket.Open(space.Namespace);
        string longest = new('x', IpsetSocket.MaximumName);
        sets.Create(longest, "hash:ip", 4, 2, []);
        Assert.Equal([longest], sets.Names());
        Assert.Throws<IpsetException>(() => sets.Create(longest + "x", "hash:ip", 4, 2, []));
    }

    private static IpsetException Refusal(Action command) => Assert.Throws<IpsetException>(command);

    private static string Members(TestNamespace space, string list) =>
        space.Sh($"ipset save {list} | sed -n 's/^add {list} //p'").TrimEnd().Replace('\n', ' ');
}
