using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A rule that is added, removed or moved.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Rule">The rule: live's if it is removed, else the desired one, with its origin.</param>
/// <param name="Number">Its place in the chain, from 1: in live if it is removed, else as it shall be.</param>
public sealed record RuleDiff(ChangeKind Kind, Rule Rule, int Number);
