using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Legacy;

/// <summary>Plans that make one namespace's legacy tables those of another, and their commit.</summary>
internal static class LegacyPlan
{
    /// <summary>Every table of <paramref name="staged"/> replaces that of <paramref name="live"/>.</summary>
    internal static Plan Replace(NetworkNamespace live, NetworkNamespace staged)
    {
        IReadOnlyList<Table> now = LegacySnapshot.Read(live);
        return new Plan
        {
            Live = new Snapshot { Tables = now, Sets = [] },
            Tables = [.. LegacySnapshot.Read(staged).Select(table => new TableChange(table.Id, now.FirstOrDefault(item => item.Id == table.Id), table))],
            Sets = [],
            NextBase = new Base(),
        };
    }

    internal static LegacyCommitOptions Options(TestNamespace live) => new() { LockPath = live.LockFile };

    /// <summary>A whole commit.</summary>
    internal static LegacyMethod Commit(TestNamespace live, TestNamespace staged, LegacyCommitOptions? options = null)
    {
        using LegacyCommit commit = new(Replace(live.Namespace, staged.Namespace), live.Namespace, options ?? Options(live));
        commit.Prepare(live.Namespace.SetIndex);
        commit.Apply();
        commit.Settle(live.Namespace.SetIndex);
        commit.Finish();
        Assert.Empty(commit.Warnings);
        return commit.Method;
    }

    /// <summary>The names of the sets and chains that a commit leaves behind: none.</summary>
    internal static string[] Leftovers(TestNamespace live)
    {
        using IpsetSocket sets = IpsetSocket.Open(live.Namespace);
        return
        [
            .. sets.Names().Where(name => name.StartsWith("iptatom-", StringComparison.Ordinal)),
            .. LegacySnapshot.Read(live.Namespace).SelectMany(table => table.Chains).Select(chain => chain.Name)
                .Where(name => name.StartsWith("iptatom-", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Sets and tables of <paramref name="staged"/> replace those of <paramref name="live"/>.</summary>
    internal static Plan ReplaceWithSets(NetworkNamespace live, NetworkNamespace staged)
    {
        Plan tables = Replace(live, staged);
        IReadOnlyList<IpSet> now = IpSetSnapshot.Read(live);
        return new Plan
        {
            Live = new Snapshot { Tables = tables.Live.Tables, Sets = now },
            Tables = tables.Tables,
            Sets =
            [
                .. from desired in IpSetSnapshot.Read(staged)
                   let before = now.FirstOrDefault(set => set.Name == desired.Name)
                   where before is null || before.ContentHash != desired.ContentHash
                   select new SetChange(desired.Name, before, desired),
            ],
            NextBase = new Base(),
        };
    }

    /// <summary>A whole commit of sets and tables.</summary>
    internal static LegacyMethod CommitWithSets(NetworkNamespace live, NetworkNamespace staged, LegacyCommitOptions options)
    {
        Plan plan = ReplaceWithSets(live, staged);
        using SetCommit sets = SetCommit.For(plan, live);
        using LegacyCommit commit = new(plan, live, options);
        sets.Prepare();
        commit.Prepare(sets.FlipIndex);
        commit.Apply();
        sets.Swap();
        commit.Settle(sets.MiddleIndex);
        sets.Rename();
        commit.Settle(sets.FinalIndex);
        commit.Finish();
        Assert.Empty(sets.Reconcile());
        Assert.Empty(sets.Finish());
        return commit.Method;
    }
}
