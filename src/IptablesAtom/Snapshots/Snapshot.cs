using IptablesAtom.Model;

namespace IptablesAtom.Snapshots;

/// <summary>Everything firewall-like of one network namespace.</summary>
public sealed class Snapshot
{
    private Dictionary<TableId, Table>? _byId;
    private Dictionary<string, IpSet>? _setsByName;

    /// <summary>Nothing at all.</summary>
    public static Snapshot Empty { get; } = new() { Tables = [], Sets = [] };

    /// <summary>The nf_tables generation of which the nft tables were read; 0 if there is no nf_tables.</summary>
    public uint Generation { get; init; }

    /// <summary>All tables of all families and backends.</summary>
    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>All ipsets, members before the lists that hold them.</summary>
    public required IReadOnlyList<IpSet> Sets { get; init; }

    /// <summary>The table, or null.</summary>
    /// <param name="id">Its identity.</param>
    public Table? Find(TableId id)
    {
        _byId ??= Tables.ToDictionary(table => table.Id);
        return _byId.GetValueOrDefault(id);
    }

    /// <summary>The set, or null.</summary>
    /// <param name="name">Its name.</param>
    public IpSet? FindSet(string name)
    {
        _setsByName ??= Sets.ToDictionary(set => set.Name, StringComparer.Ordinal);
        return _setsByName.GetValueOrDefault(name);
    }
}
