using System.Globalization;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Snapshots;

/// <summary>The names of ipsets by index, for one reading of one namespace.</summary>
/// <remarks>A set that a rule refers to can be neither renamed nor destroyed, so a name found once holds while the rules are read.</remarks>
internal sealed class SetNames(NetworkNamespace target) : IDisposable
{
    private readonly Dictionary<ushort, string> _names = [];
    private NetlinkSocket? _socket;

    /// <summary>The name of the set that a rule refers to by this index.</summary>
    internal string NameOf(ushort index)
    {
        if (!_names.TryGetValue(index, out string? name))
        {
            _socket ??= NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);

            // Without a name the rule went away meanwhile; the reader notices that and reads again.
            name = IpsetIndex.NameOf(_socket, index) ?? string.Create(CultureInfo.InvariantCulture, $"#{index}");
            _names[index] = name;
        }

        return name;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();
}
