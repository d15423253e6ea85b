using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>Live's sysctls and the parameters of its modules, read by threads of their own while staging is being made.</summary>
/// <param name="live">The namespace; it must stay open until staging is made.</param>
public sealed class LiveSysctls(NetworkNamespace live)
{
    private readonly OwnThread<SysctlTree> _net = NamespaceThread.Begin(live, SysctlTree.ReadNetHere);

    private readonly OwnThread<List<ModuleParameters>> _modules = NamespaceThread.Begin(live, ModuleParameters.ReadAll);

    /// <summary>The sysctls of the namespace.</summary>
    internal SysctlTree Net => _net.Result;

    /// <summary>The modules' parameters.</summary>
    internal List<ModuleParameters> Modules => _modules.Result;
}
