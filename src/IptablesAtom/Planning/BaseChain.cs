using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A chain that has something of ours, as it was after the last commit.</summary>
public sealed record BaseChain
{
    /// <summary>Index in <see cref="Base.Sources"/> of the source that made the chain; <see cref="Base.Foreign"/> if it was there before us.</summary>
    public int Owner { get; init; } = Base.Foreign;

    /// <summary>The rules in order, ours and foreign ones: the neighbours tell which of two equal rules is whose.</summary>
    public IReadOnlyList<BaseRule> Rules { get; init; } = [];

    /// <summary>If a source set the policy: which one.</summary>
    public int PolicyOwner { get; init; } = Base.Foreign;

    /// <summary>If a source set the policy: the one before.</summary>
    public Policy PolicyBefore { get; init; } = Policy.Accept;

    /// <summary>True if anything in it is of a source.</summary>
    /// <param name="owner">Index in <see cref="Base.Sources"/>.</param>
    public bool Has(int owner) => Owner == owner || PolicyOwner == owner || Rules.Any(rule => rule.Owner == owner);
}
