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
            && SameSets(Sets, that.Sets)
            && SameObjects(Objects, that.Objects)
            && SameObjects(Flowtables, that.Flowtables);
    }

    private static bool SameSets(IReadOnlyList<NftSet> left, IReadOnlyList<NftSet> right)
    {
        Dictionary<string, NftSet> byName = right.ToDictionary(set => set.Name, StringComparer.Ordinal);
        return left.Count == right.Count && left.All(set => byName.TryGetValue(set.Name, out NftSet? that)
            && that.HeaderHash == set.HeaderHash && that.ElementsHash == set.ElementsHash);
    }

    private static bool SameObjects(IReadOnlyList<NftObject> left, IReadOnlyList<NftObject> right)
    {
        HashSet<(string, uint, UInt128)> those = [.. right.Select(that => (that.Name, that.Type, that.Hash))];
        return left.Count == right.Count && left.All(each => those.Contains((each.Name, each.Type, each.Hash)));
    }
}
