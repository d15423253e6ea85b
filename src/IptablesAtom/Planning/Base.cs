using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>What this tool applied last to a namespace: the third side of the merge. What is live and not in here is foreign.</summary>
public sealed class Base
{
    /// <summary>The source that was applied last, as a full path; null if nothing was ever applied.</summary>
    public string? Source { get; init; }

    /// <summary>Our rules: table, chain, keys in order. A chain that we made and left empty has an empty list.</summary>
    public IReadOnlyDictionary<TableId, IReadOnlyDictionary<string, IReadOnlyList<RuleKey>>> Tables { get; init; } =
        new Dictionary<TableId, IReadOnlyDictionary<string, IReadOnlyList<RuleKey>>>();

    /// <summary>Our sets: name, and the identities of the entries that we put in, sorted (see <c>IpSetEntries</c>).</summary>
    public IReadOnlyDictionary<string, ulong[]> Sets { get; init; } = new Dictionary<string, ulong[]>();

    /// <summary>True if nothing was ever applied.</summary>
    public bool IsFirstRun => Source is null;
}
