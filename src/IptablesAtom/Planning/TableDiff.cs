using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A table that differs.</summary>
public sealed record TableDiff
{
    /// <summary>Which.</summary>
    public required TableId Id { get; init; }

    /// <summary>Whether the table itself is new or goes.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>True if sets, maps or objects of a native nft table differ.</summary>
    public required bool ContentDiffers { get; init; }

    /// <summary>The chains that differ.</summary>
    public required IReadOnlyList<ChainDiff> Chains { get; init; }

    internal static TableDiff Of(TableChange change)
    {
        // As iptables-save has them: base chains in the order in which a packet meets them. The kernel's order depends on who came first.
        IEnumerable<string> names =
        [
            .. (change.Desired?.Chains ?? []).Concat(change.Live?.Chains ?? [])
                .OrderBy(chain => chain.Hook?.Number ?? int.MaxValue).ThenBy(chain => chain.Hook?.Priority).Select(chain => chain.Name).Distinct(),
        ];
        return new TableDiff
        {
            Id = change.Id,
            Kind = change.Live is null ? ChangeKind.Add : change.Desired is null ? ChangeKind.Remove : ChangeKind.Keep,
            ContentDiffers = ContentOf(change.Live) is { } content && !content.SameContent(change.Desired?.Extra)
                || (ContentOf(change.Live) is null && ContentOf(change.Desired) is { HasContent: true }),
            Chains = [.. names.Select(name => ChainDiff.Of(change.Live?.Find(name), change.Desired?.Find(name)))
                .Where(chain => chain.IsDifferent(change.Id.IsXtables))],
        };
    }

    /// <summary>True if there is something to tell. An empty table of iptables with policies ACCEPT is as good as none.</summary>
    internal bool IsDifferent => Chains.Count > 0 || ContentDiffers || (Kind != ChangeKind.Keep && !Id.IsXtables);

    private static IHasContent? ContentOf(Table? table) => table?.Extra as IHasContent;
}
