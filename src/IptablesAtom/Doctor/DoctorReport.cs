using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Doctor;

/// <summary>What works on this host, what does not, and what to do about it. Collecting it changes nothing.</summary>
public sealed class DoctorReport
{
    /// <summary>The distribution's name.</summary>
    public required string System { get; init; }

    /// <summary>The kernel's release, as of uname.</summary>
    public required string Kernel { get; init; }

    /// <summary>The machine's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Everything that was looked at.</summary>
    public required IReadOnlyList<Check> Checks { get; init; }

    /// <summary>The tools that scripts call.</summary>
    public required IReadOnlyList<FirewallTool> Tools { get; init; }

    /// <summary>The command that installs what is missing; null if nothing is.</summary>
    public required string? Install { get; init; }

    /// <summary>True if scripts can be run at all.</summary>
    public bool CanRun => Checks.All(check => check.State != CheckState.Fatal);

    /// <summary>Looks at the host.</summary>
    /// <remarks>
    /// Kernel parts are tried in a throw-away network namespace, and only when their module is there: nothing is loaded, no table comes
    /// into being in the caller's namespace.
    /// </remarks>
    public static DoctorReport Collect()
    {
        Distribution distribution = Distribution.Current();
        string release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        using NetworkNamespace? probe = ThrowAwayNamespace.TryMake(out Errno network);
        using NetworkNamespace live = NetworkNamespace.Current();
        IReadOnlyList<FirewallTool> tools = ToolChecks.All(probe);
        return new DoctorReport
        {
            System = distribution.Name,
            Kernel = release,
            Architecture = RuntimeInformation.OSArchitecture == global::System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x86-64",
            Tools = tools,
            Install = InstallCommand(distribution, tools),
            Checks =
            [
                SystemChecks.Privileges(),
                SystemChecks.Staging(network, ThrowAwayNamespace.TryMountNamespace()),
                .. ToolChecks.Judge(tools),
                .. probe is null ? [] : KernelChecks.All(probe, release),
                LiveChecks.Mixture(live, tools[0].Backend, probe is not null),
                SystemChecks.Tun(),
                SystemChecks.SeccompNotify(),
                SystemChecks.UserNamespaces(),
                SystemChecks.Cgroup(),
            ],
        };
    }

    internal static string? InstallCommand(Distribution distribution, IReadOnlyList<FirewallTool> tools)
    {
        string[] packages = [.. tools.Where(tool => tool.Path is null).Select(tool => distribution.PackageOf(tool.Name)).Distinct().Order(StringComparer.Ordinal)];
        return packages.Length == 0 ? null : $"{distribution.Installer} {string.Join(' ', packages)}";
    }
}
