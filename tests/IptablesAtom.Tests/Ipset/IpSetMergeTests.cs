using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

public sealed class IpSetMergeTests
{
    private const string Header = "create s hash:ip timeout 600 counters comment";

    [Fact]
    public void OthersEntriesStayAndOursThatAreNotStagedGo()
    {
        IpSet live = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.2; add s 10.9.9.9 comment banned timeout 55 packets 7 bytes 70");
        IpSet staged = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.3");
        ulong[] ours = IpSetEntries.Identities(Set($"{Header}; add s 10.0.0.1; add s 10.0.0.2"));

        Assert.Equal(["10.0.0.1", "10.0.0.3", "10.9.9.9"], Addresses(IpSetMerge.Merge(staged, live, ours)));
        Assert.Equal(["10.0.0.1", "10.0.0.3"], Addresses(IpSetMerge.Merge(staged, live, null)));
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.9.9.9"], Addresses(IpSetMerge.Merge(staged, live, [])));
        Assert.Contains("10.9.9.9 timeout T packets 7 bytes 70 comment \"banned\"", Text(IpSetMerge.Merge(staged, live, ours)), StringComparison.Ordinal);
    }

    [Fact]
    public void UnchangedEntriesKeepTimeAndCounters_ChangedOnesTakeTheStagedValue()
    {
        IpSet live = Set($"{Header}; add s 10.0.0.1 timeout 100 packets 5 bytes 50; add s 10.0.0.2 comment old packets 6 bytes 60; add s 10.0.0.3 timeout 50");
        IpSet staged = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.2 comment new; add s 10.0.0.3 timeout 0; add s 10.0.0.4");
        string text = Text(IpSetMerge.Merge(staged, live, null));
        Assert.Contains("10.0.0.1 timeout T packets 5 bytes 50\n", text, StringComparison.Ordinal);
        Assert.Contains("10.0.0.2 timeout T packets 0 bytes 0 comment \"new\"", text, StringComparison.Ordinal);
        Assert.Contains("10.0.0.3 timeout 0 packets 0 bytes 0", text, StringComparison.Ordinal);
        foreach (IpSetEntry entry in IpSetEntries.Of(IpSetMerge.Merge(staged, live, null)))
        {
            Assert.True(entry.TimeLeft is 0 or 600 or 599 or 598 or (<= 100 and >= 90));
        }
    }

    [Fact]
    public void EqualSetsGiveLiveItself()
    {
        IpSet live = Set($"{Header}; add s 10.0.0.1 timeout 100");
        Assert.Same(live, IpSetMerge.Merge(Set($"{Header}; add s 10.0.0.1"), live, null));
    }

    [Fact]
    public void OthersEntriesFitOtherOptions()
    {
        IpSet live = Set("create s hash:ip; add s 10.0.0.1; add s 10.9.9.9");
        IpSet timed = Set($"{Header}; add s 10.0.0.1");
        Assert.Contains("10.9.9.9 timeout 0 packets 0 bytes 0", Text(IpSetMerge.Merge(timed, live, IpSetEntries.Identities(timed))), StringComparison.Ordinal);

        IpSet rich = Set($"{Header} skbinfo; add s 10.9.9.9 timeout 100 packets 1 bytes 2 comment c skbmark 0x1");
        IpSet plain = Set("create s hash:ip; add s 10.0.0.1");
        Assert.StartsWith("add s 10.0.0.1\nadd s 10.9.9.9\ncreate", Text(IpSetMerge.Merge(plain, rich, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheScriptRemovedFromItsSeedGoes_WhatOthersRemovedStaysAway()
    {
        IpSet seed = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.2; add s 10.0.0.3");
        IpSet staged = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.3; add s 10.0.0.4");
        IpSet live = Set($"{Header}; add s 10.0.0.1; add s 10.0.0.2; add s 10.0.0.5");
        Assert.Equal(["10.0.0.1", "10.0.0.4", "10.0.0.5"], Addresses(IpSetMerge.Merge(staged, live, [], seed)));

        IpSet flushed = Set($"{Header}; add s 10.0.0.4");
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.4", "10.0.0.5"], Addresses(IpSetMerge.Merge(flushed, live, [], seed)));
    }

    [Fact]
    public void AMacAddressIsValueInABitmapAndKeyInAHash()
    {
        IpSet live = Set("create s bitmap:ip,mac range 10.0.0.0/24; add s 10.0.0.1,02:00:00:00:00:01");
        IpSet staged = Set("create s bitmap:ip,mac range 10.0.0.0/24; add s 10.0.0.1,02:00:00:00:00:02");
        Assert.Equal("add s 10.0.0.1,02:00:00:00:00:02", Text(IpSetMerge.Merge(staged, live, [])).Split('\n')[0]);
        Assert.Equal(IpSetEntries.Identities(live), IpSetEntries.Identities(staged));
    }

    [Fact]
    public void OthersMembersOfAListStayInTheirPlace()
    {
        const string sets = "create a hash:ip; create b hash:ip; create c hash:ip; create d hash:ip; create s list:set; ";
        IpSet live = Set(sets + "add s c; add s a; add s d; add s b");
        IpSet staged = Set(sets + "add s a; add s b");
        IpSet desired = IpSetMerge.Merge(staged, live, IpSetEntries.Identities(staged));
        Assert.Equal(["c", "a", "d", "b"], desired.Members);
        Assert.Equal(live.ContentHash, desired.ContentHash);
    }

    [Fact]
    public void ExpiryIsNoChangeOfTheScripts()
    {
        IpSet seed = Set($"{Header}; add s 10.0.0.1 timeout 5; add s 10.0.0.2 timeout 500; add s 10.0.0.3 timeout 0");
        IpSet expired = Set($"{Header}; add s 10.0.0.2 timeout 490; add s 10.0.0.3 timeout 0");
        Assert.True(IpSetMerge.IsUntouched(seed, seed, TimeSpan.Zero));
        Assert.True(IpSetMerge.IsUntouched(seed, expired, TimeSpan.FromSeconds(10)));
        Assert.False(IpSetMerge.IsUntouched(seed, expired, TimeSpan.FromSeconds(1)));
        Assert.False(IpSetMerge.IsUntouched(seed, Set($"{Header}; add s 10.0.0.2 timeout 490"), TimeSpan.FromSeconds(10)));
        Assert.False(IpSetMerge.IsUntouched(seed, Set($"{Header}; add s 10.0.0.2; add s 10.0.0.4"), TimeSpan.FromSeconds(10)));
        Assert.False(IpSetMerge.IsUntouched(expired, seed, TimeSpan.FromSeconds(10)));
    }

    private static IpSet Set(string commands)
    {
        using TestNamespace space = new();
        space.Sh($"ipset restore <<'E'\n{commands.Replace("; ", "\n", StringComparison.Ordinal)}\nE");
        return IpSetSnapshot.Read(space.Namespace).Single(set => set.Name == "s");
    }

    private static string[] Addresses(IpSet set) =>
        [.. Text(set).Split('\n').Where(line => line.StartsWith("add", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];

    /// <summary>The set as ipset prints it once it is in the kernel.</summary>
    private static string Text(IpSet set)
    {
        using TestNamespace space = new();
        SetCommit.Seed([set], space.Namespace);
        return SampleSets.Save(space) + "\n";
    }
}
