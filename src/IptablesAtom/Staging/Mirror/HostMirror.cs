using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Route;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Makes staging look like the host: links, addresses, routes, rules, neighbours, sysctls of the namespace.</summary>
/// <remarks>
/// Model: rtnetlink dumps of live are sent to staging as requests, in the order in which one thing needs another; indexes are equal
/// wherever the kernel allows it.
/// Reasons: saved and restored by <c>ip ... save</c>, routes stop at the first interface without carrier, and interfaces do not come at all.
/// The kernel guarantees: a netlink socket stays in the namespace where it was opened; of live's only dumps are asked, so nothing is ever written there.
/// Threading: what opens sockets, TAPs and /proc/sys runs on a <see cref="NamespaceThread"/>; the rest on the caller's.
/// </remarks>
public static class HostMirror
{
    /// <summary>Copies.</summary>
    /// <param name="live">The namespace to look like. It is only read.</param>
    /// <param name="staging">A new namespace in which no firewall stands yet.</param>
    /// <returns>Keeps the interfaces alive: dispose of it when staging is done with.</returns>
    public static MirrorResult Copy(NetworkNamespace live, NetworkNamespace staging)
    {
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(staging);
        return Copy(live, live.Run(SysctlTree.ReadNetHere), staging, staging.Run(SysctlTree.ReadNetHere));
    }

    /// <summary>The same with the sysctls of both as they were read before.</summary>
    internal static MirrorResult Copy(NetworkNamespace live, SysctlTree liveSysctls, NetworkNamespace staging, SysctlTree ownSysctls)
    {
        MirrorResult result = new();
        try
        {
            Copy(live, liveSysctls, staging, ownSysctls, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void Copy(
        NetworkNamespace live, SysctlTree liveSysctls, NetworkNamespace staging, SysctlTree ownSysctls, MirrorResult result)
    {
        using RouteSocket liveSocket = RouteSocket.Open(live);
        using RouteSocket stagingSocket = RouteSocket.Open(staging);
        MirrorContext context = new(liveSocket, stagingSocket, result) { Links = Link.Dump(liveSocket) };
        List<RouteMessage> addresses = liveSocket.Dump(RouteMessageType.GetAddress, RouteHeader.Address);
        LinkMirror links = new(context);
        staging.Run(() =>
        {
            NamespaceSysctls.WriteHere(liveSysctls, ownSysctls, result);
            links.CreateHere();
            return true;
        });
        InterfaceSysctls.CopyInet(context, links);
        CopyInet6(live, staging, links, result);
        links.SetProperties();
        links.SetFlags();
        NeighbourTableMirror.Copy(context);
        AddressMirror.Copy(context, addresses);
        RouteMirror.Copy(context);
        RuleMirror.Copy(context);
        NeighbourMirror.Copy(context);
        links.Settle();
        links.SetQdiscs();
        links.SetAddressGeneration();
        List<(string Path, byte[] Value)> held = InterfaceSysctls.HeldValues(links);
        staging.Run(() =>
        {
            NamespaceSysctls.ReleaseHere(liveSysctls, result);
            Write(held, result);
            return true;
        });
    }

    private static void CopyInet6(NetworkNamespace live, NetworkNamespace staging, LinkMirror links, MirrorResult result)
    {
        List<string> files = InterfaceSysctls.DifferingFiles(links);
        if (files.Count == 0)
        {
            return;
        }

        List<(string, byte[])> values = live.Run(() => files.Select(file => (file, KernelFile.TryRead(file) ?? [])).Where(pair => pair.Item2.Length > 0).ToList());
        staging.Run(() =>
        {
            Write(values, result);
            return true;
        });
    }

    private static void Write(List<(string Path, byte[] Value)> values, MirrorResult result)
    {
        foreach ((string path, byte[] value) in values)
        {
            if (KernelFile.TryWrite(path, value) is var errno && errno != Errno.None)
            {
                result.AddGap($"the sysctl {path}", LinuxException.Describe(errno));
            }
        }
    }
}
