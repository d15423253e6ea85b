using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Mirror;
using IptablesAtom.Staging.Outbound;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom.Staging;

/// <summary>The host around the script: its likeness in staging, its network for the script's own connections, and what the script did to it.</summary>
/// <remarks>Made while the script waits, before the seed: routes and interfaces are there when rules refer to them.</remarks>
internal sealed class StagedHost : IDisposable
{
    private readonly OutboundNetwork _outbound;
    private readonly StagingActivity _activity;
    private readonly HostName _hostName;

    private StagedHost(MirrorResult mirror, OutboundNetwork outbound, StagingActivity activity, HostName hostName) =>
        (Mirror, _outbound, _activity, _hostName) = (mirror, outbound, activity, hostName);

    /// <summary>The mirrored interfaces.</summary>
    internal MirrorResult Mirror { get; }

    /// <summary>How staging differs from the host, and what is not possible here, in sentences.</summary>
    internal IEnumerable<string> Warnings =>
        [.. Mirror.Gaps.Select(gap => $"staging differs from the host: {gap}"), .. _outbound.Warning is { } warning ? [warning] : Array.Empty<string>()];

    /// <summary>Prepares staging.</summary>
    internal static StagedHost Prepare(
        StagingNamespace staging, SysctlTree ownSysctls, NetworkNamespace live, SysctlTree liveSysctls, NetworkAccess access, HostCallWatch calls)
    {
        MirrorResult mirror = HostMirror.Copy(live, liveSysctls, staging.Network, ownSysctls);
        try
        {
            return new StagedHost(mirror, OutboundNetwork.Start(staging, mirror.Devices.Values, live, access, calls), StagingActivity.Begin(staging.Network), HostName.OfProcess(staging.LauncherPid));
        }
        catch
        {
            mirror.Dispose();
            throw;
        }
    }

    /// <summary>How the script's connections go, a sentence.</summary>
    internal string Network => _outbound.Means;

    /// <summary>After the script: which connections were refused to it, a sentence; null if none was.</summary>
    internal string? Refused => _outbound.Refused;

    /// <summary>After the script: what it changed in staging besides the firewall and its sysctls.</summary>
    internal IReadOnlyList<NetworkChange> Changes() => _hostName.Changed is { } name
        ? [.. _activity.End(), new NetworkChange("changed", "host name", $"to {name}")]
        : _activity.End();

    /// <inheritdoc/>
    public void Dispose()
    {
        _outbound.Dispose();
        _hostName.Dispose();
        Mirror.Dispose();
    }
}
