using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>Live's sysctls, read by a thread of their own while staging is being made.</summary>
/// <param name="live">The namespace; it must stay open until staging is made.</param>
public sealed class LiveSysctls(NetworkNamespace live)
{
    private readonly OwnThread<SysctlTree> _net = NamespaceThread.Begin(live, SysctlTree.ReadNetHere);

    /// <summary>Those of the namespace.</summary>
    internal SysctlTree Net => _net.Result;
}
