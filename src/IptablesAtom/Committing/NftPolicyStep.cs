using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>A base chain whose policy changes, in generations of their own after the rules: see <see cref="NftTerminalRule"/>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain as it shall be.</param>
/// <param name="IsNew">True if live has no such chain yet.</param>
/// <param name="RulesChange">True if the chain's rules change too.</param>
/// <param name="Temporary">
/// The user chain that holds the rules meanwhile, or null. It is needed where a packet can leave the base chain before its end
/// (RETURN, or the end of a chain reached by goto): that leads to the policy, not to the terminal rule.
/// </param>
/// <param name="FlushFirst">True if the chain holds rules that go when the temporary chain takes over.</param>
internal sealed record NftPolicyStep(
    TableId Table, Chain Chain, bool IsNew, bool RulesChange, string? Temporary, bool FlushFirst);
