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
}
