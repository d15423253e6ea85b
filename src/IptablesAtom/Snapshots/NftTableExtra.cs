using IptablesAtom.Model;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>What an nf_tables table has beside chains: flags, named sets and maps, stateful objects, flowtables.</summary>
internal sealed class NftTableExtra : IHasContent
{
    /// <summary>An empty table's.</summary>
    internal static NftTableExtra None { get; } = new();

    /// <summary>The kernel's handle: another one means that the table was deleted and made anew.</summary>
    internal ulong Handle { get; init; }

    /// <summary>NFTA_TABLE_FLAGS.</summary>
    internal uint Flags { get; init; }

    /// <summary>NFTA_TABLE_USERDATA.</summary>
    internal byte[] UserData { get; init; } = [];

    /// <summary>The named sets and maps; anonymous ones are with their rules.</summary>
    internal IReadOnlyList<NftSet> Sets { get; init; } = [];

    /// <summary>The stateful objects.</summary>
    internal IReadOnlyList<NftObject> Objects { get; init; } = [];

    /// <summary>The flowtables.</summary>
    internal IReadOnlyList<NftObject> Flowtables { get; init; } = [];

    /// <inheritdoc/>
    public bool HasContent => Sets.Count + Objects.Count + Flowtables.Count > 0;

    /// <inheritdoc/>
    public bool SameContent(object? other)
    {
        NftTableExtra that = other as NftTableExtra ?? None;
        return (Flags & NftFlags.TableDormant) == (that.Flags & NftFlags.TableDormant)
            && UserData.AsSpan().SequenceEqual(that.UserData)
            && Sets.Count == that.Sets.Count && Objects.Count == that.Objects.Count && Flowtables.Count == that.Flowtables.Count
            && Includes(that);
    }

    /// <summary>True if all that the other holds is here too, equal, state aside.</summary>
    internal bool Includes(NftTableExtra that) =>
        IncludesSets(that.Sets) && Includes(Objects, that.Objects) && Includes(Flowtables, that.Flowtables);

    private bool IncludesSets(IReadOnlyList<NftSet> those)
    {
        Dictionary<string, NftSet> byName = Sets.ToDictionary(set => set.Name, StringComparer.Ordinal);
        return those.All(that => byName.TryGetValue(that.Name, out NftSet? set)
            && that.HeaderHash == set.HeaderHash && that.ElementsHash == set.ElementsHash);
    }

    private static bool Includes(IReadOnlyList<NftObject> these, IReadOnlyList<NftObject> those)
    {
        HashSet<(string, uint, UInt128)> known = [.. these.Select(each => (each.Name, each.Type, each.Hash))];
        return those.All(that => known.Contains((that.Name, that.Type, that.Hash)));
    }
}
