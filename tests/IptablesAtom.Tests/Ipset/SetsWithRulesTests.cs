using IptablesAtom.Committing;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Ipset;

/// <summary>Sets and the rules that look at them, through the whole commit: live ends as what was staged.</summary>
public sealed class SetsWithRulesTests
{
    private const string OldSets =
        """
        ipset create web hash:ip; ipset add web 192.0.2.1
        ipset create typed hash:ip; ipset add typed 192.0.2.2
        ipset create same hash:ip timeout 9000; ipset add same 192.0.2.3
        ipset create gone hash:net; ipset add gone 198.51.100.0/24
        ipset create all list:set; ipset add all web; ipset add all gone; ipset add all same
        ipset create pair list:set; ipset add pair typed; ipset add pair same
        """;

    private const string NewSets =
        """
        ipset create web hash:ip; ipset add web 192.0.2.9
        ipset create typed hash:net; ipset add typed 203.0.113.0/24
        ipset create same hash:ip timeout 9000; ipset add same 192.0.2.3
        ipset create fresh hash:net family inet6; ipset add fresh 2001:db8::/32
        ipset create all list:set; ipset add all same; ipset add all web
        ipset create pair list:set; ipset add pair typed; ipset add pair same
        """;

    private const string OldRules =
        """
        <4> -A INPUT -m set --match-set web src -j ACCEPT
        <4> -A INPUT -m set ! --match-set all src -p tcp -j DROP
        <4> -t mangle -A PREROUTING -m set --match-set typed src -j MARK --set-mark 1
        <4> -t raw -A PREROUTING -m set --match-set pair src -j SET --add-set same src --exist
        <4> -A FORWARD -m set --match-set gone dst -j DROP
        """;

    private const string NewRules =
        """
        <4> -A INPUT -p icmp -j ACCEPT
        <4> -A INPUT -m set --match-set web src -j ACCEPT
        <4> -A INPUT -m set ! --match-set all src -p tcp -j DROP
        <4> -t mangle -A PREROUTING -m set --match-set typed src -j MARK --set-mark 2
        <4> -t raw -A PREROUTING -m set --match-set pair src -j SET --add-set same src --exist
        <6> -A INPUT -m set --match-set fresh src -j DROP
        """;

    public static TheoryData<string> Backends => ["legacy", "nft"];

    [Theory]
    [MemberData(nameof(Backends))]
    public void RulesAndSetsChangeTogether(string backend) => Becomes(OldSets + "\n" + Rules(OldRules, backend), NewSets + "\n" + Rules(NewRules, backend));

    [Theory]
    [MemberData(nameof(Backends))]
    public void OnlySetsChange(string backend)
    {
        string rules = "\n" + Rules(OldRules, backend);
        Becomes(OldSets + rules, OldSets.Replace("192.0.2.1", "192.0.2.8", StringComparison.Ordinal).Replace("198.51.100.0", "198.51.101.0", StringComparison.Ordinal) + rules);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void OnlyTheTypeOfASetChanges(string backend)
    {
        string rules = "\n" + Rules(OldRules, backend);
        Becomes(OldSets + rules, OldSets.Replace("typed hash:ip", "typed hash:net", StringComparison.Ordinal) + rules);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void AFailureAtAnyStepEndsInTheOldOrTheNewFirewall(string backend)
    {
        string old = OldSets + "\n" + Rules(OldRules, backend);
        string staged = NewSets + "\n" + Rules(NewRules, backend);
        List<string> steps = [];
        Becomes(old, staged, steps.Add);
        for (int failing = 0; failing < steps.Count; failing++)
        {
            using TestNamespace live = new();
            using TestNamespace staging = new();
            live.Sh(old);
            staging.Sh(staged);
            Snapshot before = SnapshotReader.Read(live.Namespace);
            int count = 0;
            Exception failure = Assert.ThrowsAny<Exception>(() => Commit(live, staging, _ =>
            {
                if (count++ == failing)
                {
                    throw new InjectedException();
                }
            }));
            Assert.True(failure is InjectedException or CommitException { IsRestored: true }, $"step {steps[failing]}: {failure}");
            Snapshot after = SnapshotReader.Read(live.Namespace);
            Assert.All(
                before.Tables.Concat(after.Tables).Select(table => table.Id),
                id => Assert.True(Equality.Same(before.Find(id), after.Find(id)), $"step {steps[failing]}: {id}\n{live.Dump()}"));
            Assert.Equal(
                before.Sets.Select(set => (set.Name, set.ContentHash)).Order(),
                after.Sets.Select(set => (set.Name, set.ContentHash)).Order());
            Assert.DoesNotContain("iptatom-", live.Dump(), StringComparison.Ordinal);
        }
    }

    private static void Becomes(string old, string staged, Action<string>? step = null)
    {
        using TestNamespace live = new();
        using TestNamespace staging = new();
        live.Sh(old);
        staging.Sh(staged);
        Log log = new();
        Commit(live, staging, step ?? (_ => { }), log);
        Assert.Equal(staging.Dump(), live.Dump());
        Assert.Empty(log.Notes);
    }

    private static void Commit(TestNamespace live, TestNamespace staging, Action<string> step, Log? log = null)
    {
        Snapshot now = SnapshotReader.Read(live.Namespace);
        Snapshot then = SnapshotReader.Read(staging.Namespace);
        Plan plan = new()
        {
            Live = now,
            Tables =
            [
                .. now.Tables.Select(table => table.Id).Union(then.Tables.Select(table => table.Id)).OrderBy(id => id, Comparer<Model.TableId>.Create(Model.TableId.Compare))
                    .Where(id => !Equality.Same(now.Find(id), then.Find(id)))
                    .Select(id => new TableChange(id, now.Find(id), then.Find(id))),
            ],
            Sets =
            [
                .. then.Sets.Select(set => set.Name).Union(now.Sets.Select(set => set.Name))
                    .Where(name => !Equality.Same(now.FindSet(name), then.FindSet(name)))
                    .Select(name => new SetChange(name, now.FindSet(name), then.FindSet(name))),
            ],
            NextBase = new Base(),
        };
        using CommitLocks locks = CommitLocks.Take(live.Namespace, TimeSpan.FromSeconds(20));
        Committer.Commit(plan, live.Namespace, locks, TimeSpan.FromSeconds(20), log ?? new Log(), step);
    }

    private static string Rules(string text, string backend) => text
        .Replace("<6>", $"ip6tables-{backend}", StringComparison.Ordinal).Replace("<4>", $"iptables-{backend}", StringComparison.Ordinal);

    private sealed class InjectedException() : Netlink.AtomException("injected");

    private sealed class Log : IRunLog
    {
        internal List<string> Notes { get; } = [];

        public void Note(string sentence) => Notes.Add(sentence);

        public void Detail(string sentence)
        {
        }
    }
}
