using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A rule of a chain as it was after the last commit.</summary>
/// <param name="Key">The rule.</param>
/// <param name="Owner">Index in <see cref="Base.Sources"/> of the source that made it; <see cref="Base.Foreign"/> if it is not ours.</param>
public readonly record struct BaseRule(RuleKey Key, int Owner);
