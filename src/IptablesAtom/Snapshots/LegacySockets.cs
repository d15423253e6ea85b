using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>The sockets to the legacy tables of one namespace, opened when first needed.</summary>
internal sealed class LegacySockets(NetworkNamespace target) : IDisposable
{
    private readonly Dictionary<Family, XtablesSocket> _sockets = [];

    internal XtablesSocket this[Family family] => _sockets.TryGetValue(family, out XtablesSocket? socket)
        ? socket
        : _sockets[family] = XtablesSocket.Open(target, family.Xtables);

    /// <summary>The tables that exist. Asking for others would make them.</summary>
    internal IReadOnlyList<TableId> Existing() => target.Run<TableId[]>(() => [.. LegacyFamilies.All.SelectMany(family =>
        XtablesNames.ReadHere(family.Xtables).Select(name => new TableId(Backend.Legacy, family, name)))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (XtablesSocket socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _sockets.Clear();
    }
}
