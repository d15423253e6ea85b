using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>The network and mount namespaces of staging, and the programs that are started there.</summary>
/// <remarks>The server's thread itself stays outside: a runtime thread that is first created from it would inherit its namespaces.</remarks>
internal sealed class StagingPlace(NetworkNamespace network, MountNamespace mounts)
{
    /// <summary>Does something inside. See <see cref="NamespaceThread"/> for what may be done there.</summary>
    internal T Run<T>(Func<T> action) => mounts.Run(network, action);

    /// <summary>Runs a program to its end and gives what it wrote.</summary>
    internal CapturedRun Capture(params IReadOnlyList<string> argv) => Run(() => Spawn.Capture(null, argv));
}
