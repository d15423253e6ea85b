using IptablesAtom.Committing;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

public sealed class SetCommitTests
{
    public static TheoryData<string> Tools => ["iptables-legacy", "iptables-nft"];

    [Theory]
    [MemberData(nameof(Tools))]
    public void ASetChangesWithTheRulesThatLookAtIt(string tool)
    {
        using SetScene scene = new(
            $"ipset create s hash:ip; ipset add s 127.0.0.2; {tool} -A OUTPUT -m set --match-set s dst -j DROP",
            "ipset create s hash:ip; ipset add s 127.0.0.3");
        using SetCommit commit = scene.Commit(["s"], rulesChange: true);
        const string rule = "-A OUTPUT -m set --match-set s dst -j DROP";
        Assert.True(commit.NeedsRepoint);
        Assert.True(commit.IsFlipped("s"));
        Assert.False(commit.HasRenames);

        commit.Prepare();
        Assert.Equal("2", scene.Dropped());
        scene.Load(tool, rule, commit.FlipIndex);
        Assert.Equal("3", scene.Dropped());
        commit.Apply();
        Assert.Equal("3", scene.Dropped());
        scene.Load(tool, rule, commit.FinalIndex);
        Assert.Equal("3", scene.Dropped());
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
        Assert.Equal("3", scene.Dropped());
        Assert.Equal(scene.StagedSave, scene.LiveSave);
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void ASetChangesItsType_AloneAndAsAMember(string tool)
    {
        const string others = "ipset create a hash:ip; ipset add a 127.0.0.4; ipset create b hash:ip; ipset create s";
        const string lists = "ipset create l list:set; ipset add l a; ipset add l s; ipset add l b; ipset create unused list:set; ipset add unused s";
        using SetScene scene = new(
            $"{others} hash:ip; ipset add s 127.0.0.2; {lists}; {tool} -A OUTPUT -m set --match-set l dst -j DROP; {tool} -A OUTPUT -m set --match-set s dst -j DROP",
            $"{others} hash:net; ipset add s 127.0.0.3; {lists}");
        using SetCommit commit = scene.Commit(["s", "l"], rulesChange: false);
        const string rule = "-A OUTPUT -m set --match-set l dst -j DROP\n-A OUTPUT -m set --match-set s dst -j DROP";
        Assert.True(commit.NeedsRepoint);
        Assert.True(commit.HasRenames);
        Assert.True(commit.IsFlipped("l"));
        Assert.False(commit.IsFlipped("a"));

        commit.Prepare();
        Assert.Equal("24", scene.Dropped());
        scene.Load(tool, rule, commit.FlipIndex);
        Assert.Equal("34", scene.Dropped());
        commit.Swap();
        scene.Load(tool, rule, commit.MiddleIndex);
        Assert.Equal("34", scene.Dropped());
        commit.Rename();
        Assert.Equal("34", scene.Dropped());
        scene.Load(tool, rule, commit.FinalIndex);
        Assert.Equal("34", scene.Dropped());
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
        Assert.Equal("34", scene.Dropped());
        Assert.Equal(scene.StagedSave, scene.LiveSave);
        Assert.Equal("a s b", Members(scene.Live, "l"));
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void AListAndItsMemberChangeTogether(string tool)
    {
        using SetScene scene = new(
            $"ipset create s hash:ip; ipset add s 127.0.0.2; ipset create t hash:ip; ipset add t 127.0.0.4; ipset create l list:set; ipset add l t; ipset add l s; {tool} -A OUTPUT -m set --match-set l dst -j DROP",
            "ipset create s hash:ip; ipset add s 127.0.0.3; ipset create n hash:net; ipset add n 127.0.0.5; ipset create l list:set size 12; ipset add l s; ipset add l n; ipset create m list:set; ipset add m s");
        using SetCommit commit = scene.Commit(["l", "m"], rulesChange: true);
        const string rule = "-A OUTPUT -m set --match-set l dst -j DROP\n-A OUTPUT -m set --match-set m dst -j DROP";
        commit.Prepare();
        Assert.Equal("24", scene.Dropped());
        scene.Load(tool, rule, commit.FlipIndex);
        Assert.Equal("35", scene.Dropped());
        commit.Apply();
        scene.Load(tool, rule, commit.FinalIndex);
        Assert.Equal("35", scene.Dropped());
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
        Assert.Equal("35", scene.Dropped());
        Assert.Equal(scene.StagedSave, scene.LiveSave); // t is gone, n and m are new
    }

    [Fact]
    public void WithoutAChangeOfRulesSetsAreSwappedUnderThem()
    {
        using SetScene scene = new(
            "for s in a b unused same; do ipset create $s hash:ip; ipset add $s 127.0.0.2; done; for s in a b same; do iptables-legacy -A OUTPUT -m set --match-set $s dst -j DROP; done",
            "for s in a b unused; do ipset create $s hash:ip timeout 100; ipset add $s 127.0.0.3; done; ipset create same hash:ip; ipset add same 127.0.0.2");
        string rules = scene.Live.Sh("iptables-legacy-save -t filter | grep ^-A");
        string indexes = Indexes(scene.Live);
        List<string> steps = [];
        using SetCommit commit = scene.Commit(["a", "b", "same"], rulesChange: false, steps.Add);
        Assert.False(commit.NeedsRepoint);
        Assert.Equal(commit.FinalIndex("a"), commit.FlipIndex("a"));

        commit.Prepare();
        Assert.Equal("2", scene.Dropped());
        commit.Apply();
        Assert.Equal("23", scene.Dropped());
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
        Assert.Equal(scene.StagedSave, scene.LiveSave);
        Assert.Equal(rules, scene.Live.Sh("iptables-legacy-save -t filter | grep ^-A"));
        Assert.Equal(indexes, Indexes(scene.Live));
        Assert.DoesNotContain(steps, step => step.Contains("same", StringComparison.Ordinal));
    }

    [Fact]
    public void ASetThatOthersReferToStays_AndIsNamed()
    {
        using SetScene scene = new(
            "ipset create gone hash:ip; ipset add gone 127.0.0.2; ipset create free hash:ip; iptables-nft -A OUTPUT -m set --match-set gone dst -j DROP",
            "true");
        using SetCommit commit = scene.Commit([], rulesChange: false);
        commit.Prepare();
        commit.Apply();
        Assert.Empty(commit.Reconcile());
        Assert.Equal(["the set gone stays: the set is in use by a rule or a list, or somebody is listing it"], commit.Finish());
        Assert.Equal("gone", scene.Live.Sh("ipset list -n").TrimEnd());
        Assert.Equal("2", scene.Dropped());
    }

    [Fact]
    public void LateChangesByOthersAreCarriedOver()
    {
        using SetScene scene = new(
            "ipset create s hash:ip timeout 900; ipset add s 10.0.0.1; ipset add s 10.0.0.2 timeout 0; ipset create t hash:ip; ipset create l list:set; ipset add l s",
            "ipset create s hash:ip timeout 900; ipset add s 10.0.0.1; ipset add s 10.0.0.2 timeout 0; ipset add s 10.0.0.3; ipset create t hash:net; ipset add t 10.1.0.0/16; ipset create l list:set size 9; ipset add l s");
        using SetCommit commit = scene.Commit(["s", "t", "l"], rulesChange: true);
        commit.Prepare();
        using IpsetSocket sets = IpsetSocket.Open(scene.Live.Namespace);
        string flip = sets.FindName(commit.FlipIndex("s"))!;
        scene.Live.Sh($"ipset add s 10.7.0.1; ipset del s 10.0.0.2; ipset -exist add s 10.0.0.1 timeout 2000; ipset add t 10.7.0.2; ipset add {flip} 10.7.0.3; ipset add l t");
        commit.Apply();
        scene.Live.Sh($"ipset add s 10.7.0.4; ipset del {flip} 10.0.0.3");
        Assert.Empty(commit.Reconcile());
        Assert.Empty(commit.Finish());
        Assert.Equal("10.0.0.1 10.7.0.1 10.7.0.3 10.7.0.4", scene.Live.Sh("ipset save s | sed -n 's/^add s \\([^ ]*\\).*/\\1/p' | sort | xargs").TrimEnd());
        Assert.Matches("add s 10.0.0.1 timeout (2000|19..)", scene.Live.Sh("ipset save s"));
        Assert.Equal("add t 10.1.0.0/16\nadd t 10.7.0.2", scene.Live.Sh("ipset save t | grep ^add | sort").TrimEnd());
        Assert.Equal("s t", Members(scene.Live, "l"));
    }

    [Fact]
    public void LeftoversOfAKilledRunAreRemoved_ButNotWhatRulesLookAt()
    {
        using TestNamespace space = new();
        space.Sh(
            """
            ipset create iptatom-0badf00d-t1 hash:ip; ipset create iptatom-0badf00d-n1 hash:ip; ipset create iptatom-0badf00d-t2 list:set; ipset add iptatom-0badf00d-t2 iptatom-0badf00d-n1
            ipset create mine hash:ip; iptables-legacy -A OUTPUT -m set --match-set iptatom-0badf00d-t1 dst -j DROP
            """);
        SetCommit.RemoveLeftovers(space.Namespace);
        Assert.Equal("iptatom-0badf00d-t1\nmine", space.Sh("ipset list -n | sort").TrimEnd());
    }

    private static string Members(TestNamespace space, string list) => space.Sh($"ipset save {list} | sed -n 's/^add {list} \\([^ ]*\\).*/\\1/p' | xargs").TrimEnd();

    private static string Indexes(TestNamespace space)
    {
        using IpsetSocket sets = IpsetSocket.Open(space.Namespace);
        return string.Join(' ', sets.Names().Order().Select(name => $"{name}={sets.FindIndex(name)}"));
    }
}
