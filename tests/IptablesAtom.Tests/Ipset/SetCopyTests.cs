using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

public sealed class SetCopyTests
{
    [Fact]
    public void EveryTypeIsCopiedWhole()
    {
        using TestNamespace from = new();
        using TestNamespace to = new();
        from.Sh(SampleSets.Script);
        IReadOnlyList<IpSet> sets = IpSetSnapshot.Read(from.Namespace);
        SetCommit.Seed(sets, to.Namespace);

        Assert.Equal(SampleSets.Save(from), SampleSets.Save(to));
        Assert.Equal("list:set", sets[^1].TypeName);

        Dictionary<string, IpSet> copies = IpSetSnapshot.Read(to.Namespace).ToDictionary(set => set.Name);
        Assert.Equal(sets.Count, copies.Count);
        foreach (IpSet set in sets)
        {
            Assert.Equal((set.Name, set.ContentHash, set.HeaderHash, set.Count), (set.Name, copies[set.Name].ContentHash, copies[set.Name].HeaderHash, copies[set.Name].Count));
            Assert.Equal(IpSetEntries.Identities(set), IpSetEntries.Identities(copies[set.Name]));
            Assert.Equal(set.Count, IpSetEntries.Identities(set).Distinct().Count());
        }

        Assert.Equal(sets.Count, sets.Select(set => set.ContentHash).Distinct().Count()); // no two are taken for equal
        Assert.Equal(["ip4", "net6", "a-name-of-thirty-one-characters"], copies["list"].Members);
        Assert.True(copies["ip4"].HasTimeout);
        Assert.False(copies["ip4-plain"].HasTimeout);
        Assert.Equal(1, copies["ip4"].References);
    }

    [Theory]
    [InlineData("ipset add s 192.0.2.2", false)]
    [InlineData("ipset del s 192.0.2.1; ipset add s 192.0.2.3", false)]
    [InlineData("ipset -exist add s 192.0.2.1 comment other timeout 500", false)]
    [InlineData("ipset -exist add s 192.0.2.1 comment c timeout 0", false)]
    [InlineData("ipset -exist add s 192.0.2.1 comment c timeout 100 packets 9 bytes 9", true)]
    [InlineData("ipset del s 192.0.2.1; ipset add s 192.0.2.1 comment c", true)]
    [InlineData("ipset destroy s; ipset create s hash:ip counters comment timeout 900; ipset add s 192.0.2.1 comment c", false)]
    [InlineData("ipset destroy s; ipset create s hash:ip counters comment timeout 600 hashsize 4096; ipset add s 192.0.2.1 comment c", true)]
    public void ContentIsComparedWithoutWhatChangesByItself(string change, bool isSame)
    {
        using TestNamespace space = new();
        space.Sh("ipset create s hash:ip counters comment timeout 600; ipset add s 192.0.2.1 comment c packets 3 bytes 4");
        IpSet before = Assert.Single(IpSetSnapshot.Read(space.Namespace));
        space.Sh(change);
        IpSet after = Assert.Single(IpSetSnapshot.Read(space.Namespace));
        Assert.Equal(isSame, before.ContentHash == after.ContentHash);
    }

    [Fact]
    public void LargeSetsKeepEveryEntryWhateverTheirOrder()
    {
        using TestNamespace space = new();
        space.Sh("ipset create a hash:ip hashsize 64 maxelem 200000; ipset create b hash:ip hashsize 65536 maxelem 200000; ipset add a 10.0.0.0/15; ipset add b 10.0.0.0/15");
        IReadOnlyList<IpSet> sets = IpSetSnapshot.Read(space.Namespace);
        Assert.All(sets, set => Assert.Equal(131072, set.Count));
        Assert.Equal(sets[0].ContentHash, sets[1].ContentHash);
        Assert.True(sets[0].Entries.Count > 10);

        using TestNamespace copy = new();
        SetCommit.Seed(sets, copy.Namespace);
        Assert.Equal(SampleSets.Save(space), SampleSets.Save(copy));
    }

    [Fact]
    public void ASetThatIsFullSaysSo()
    {
        using TestNamespace from = new();
        using TestNamespace to = new();
        from.Sh("ipset create small hash:ip maxelem 3; ipset add small 192.0.2.0/31; ipset create more hash:ip; ipset add more 192.0.2.0/29");
        IReadOnlyList<IpSet> sets = IpSetSnapshot.Read(from.Namespace);
        IpSet small = sets.Single(set => set.Name == "small");
        IpSetBuilder overfull = IpSetBuilder.Like(small);
        foreach (IpSetEntry entry in IpSetEntries.Of(sets.Single(set => set.Name == "more")))
        {
            overfull.Add(entry);
        }

        IpsetException refusal = Assert.Throws<IpsetException>(() => SetCommit.Seed([overfull.Build()], to.Namespace));
        Assert.Equal(IpsetError.Full, refusal.Error);
        Assert.StartsWith("ipset add small: the set is full", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("", to.Sh("ipset save"));
    }
}
