using IptablesAtom.Committing;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Nft;

/// <summary>The simplest plan: live shall be as staged, table by table. What staging lacks stays.</summary>
internal static class NftTestPlan
{
    internal static Snapshot Read(TestNamespace target)
    {
        NftSnapshot read = NftSnapshot.Read(target.Namespace);
        return new Snapshot { Generation = read.Generation, Tables = read.Tables, Sets = [] };
    }

    internal static List<TableChange> Changes(Snapshot live, Snapshot staged) =>
        [.. staged.Tables.Select(table => new TableChange(table.Id, live.Find(table.Id), table))];

    internal static NftCommit Commit(TestNamespace live, TestNamespace staging, Action<string>? step = null)
    {
        Snapshot now = Read(live);
        return new NftCommit(live.Namespace, now, Changes(now, Read(staging)), SetIndex(live), step);
    }

    /// <summary>All of it: prepare, flip, finish.</summary>
    internal static int Transplant(TestNamespace live, TestNamespace staging)
    {
        using NftCommit commit = Commit(live, staging);
        commit.Prepare();
        commit.Apply();
        commit.Finish();
        return commit.Messages;
    }

    internal static Func<string, ushort> SetIndex(TestNamespace target) => name =>
    {
        using NetlinkSocket socket = NetlinkSocket.Open(target.Namespace, NetlinkProtocol.Netfilter);
        return IpsetIndex.IndexOf(socket, name) ?? throw new InvalidOperationException($"no set {name}");
    };

    /// <summary>Every table by nft, without state, in order of name: the kernel lists tables as they were made.</summary>
    internal static string Nft(TestNamespace target) =>
        target.Sh("nft list tables | LC_ALL=C sort | while read -r word family name; do nft -s list table $family $name; done");

    internal static string Saved(TestNamespace target) => target.Sh(
        "for t in iptables-nft ip6tables-nft arptables-nft ebtables-nft; do $t-save 2>/dev/null | grep -v '^#' | sed 's/\\[[0-9]*:[0-9]*\\]//'; done");
}
