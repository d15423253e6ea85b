using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Mirror;

/// <summary>The host's likeness in staging. Its interfaces that stand for real devices live as long as this object.</summary>
public sealed class MirrorResult : IDisposable
{
    private readonly List<MirrorGap> _gaps = [];
    private readonly Dictionary<string, TunDevice> _devices = [];

    internal MirrorResult()
    {
    }

    /// <summary>What could not be mirrored, and why.</summary>
    public IReadOnlyList<MirrorGap> Gaps => _gaps;

    /// <summary>The interfaces into which packets can be put, by name.</summary>
    internal IReadOnlyDictionary<string, TunDevice> Devices => _devices;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TunDevice device in _devices.Values)
        {
            device.Dispose();
        }
    }

    internal void Add(TunDevice device) => _devices.Add(device.Name, device);

    internal void AddGap(string subject, string reason) => _gaps.Add(new MirrorGap(subject, reason));
}
