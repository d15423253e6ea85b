using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Doctor;

/// <summary>Which parts of netfilter the kernel has: tried in a throw-away namespace.</summary>
internal static class KernelChecks
{
    internal static IEnumerable<Check> All(NetworkNamespace probe, string release) =>
    [
        Try("nf_tables", ["nf_tables"], release, () => AskGeneration(probe), "iptables-nft, arptables, ebtables and nft tables, committed in one transaction"),
        Try("legacy", ["ip_tables", "ip6_tables"], release, () => ReadLegacy(probe), "iptables-legacy tables of both families"),
        Try("ipset", ["ip_set"], release, () => ListSets(probe), "ipsets"),
        Try("switch", ["ip_tables", "ip_set", "xt_set"], release, () => AskSetMatch(probe), "legacy tables and sets changed at one instant, by a switch between old and new"),
    ];

    private static Check Try(string name, string[] modules, string release, Action probe, string what)
    {
        string[] loadable = [.. modules.Where(module => KernelModule.IsOnlyLoadable(module, release))];
        if (loadable.Length > 0)
        {
            return new Check(name, CheckState.Limited, $"{what}: not tried, because the kernel would load {string.Join(", ", loadable)} for it; it does when needed");
        }

        try
        {
            probe();
            return new Check(name, CheckState.Works, what);
        }
        catch (AtomException exception)
        {
            return new Check(name, CheckState.Missing, $"{what}: not in this kernel ({exception.Message})");
        }
    }

    private static void AskGeneration(NetworkNamespace probe)
    {
        using NetlinkSocket socket = NetlinkSocket.Open(probe, NetlinkProtocol.Netfilter);
        using MessageWriter writer = new();
        writer.BeginNetfilter(NftMessage.Subsystem, NftMessage.GetGeneration, 0, NetlinkFlags.Request | NetlinkFlags.Ack, socket.NextSequence());
        writer.EndMessage();
        socket.Request(writer, "asking nf_tables for its generation");
    }

    private static void ReadLegacy(NetworkNamespace probe)
    {
        using XtablesSocket v4 = XtablesSocket.Open(probe, XtablesLayout.Ipv4);
        v4.GetInfo("filter");
        using XtablesSocket v6 = XtablesSocket.Open(probe, XtablesLayout.Ipv6);
        v6.GetInfo("filter");
    }

    private static void ListSets(NetworkNamespace probe)
    {
        using IpsetSocket socket = IpsetSocket.Open(probe);
        socket.Names();
    }

    private static void AskSetMatch(NetworkNamespace probe)
    {
        ReadLegacy(probe);
        ListSets(probe);
        using XtablesSocket socket = XtablesSocket.Open(probe, XtablesLayout.Ipv4);
        if (!socket.HasMatch("set", 1))
        {
            throw new XtablesException("looking for the match \"set\" in", "filter", Errno.ENOENT);
        }
    }
}
