using IptablesAtom.Model;

namespace IptablesAtom.Snapshots;

/// <summary>What comes and goes with one nf_tables rule: the anonymous sets that it looks up and the chains bound to it.</summary>
/// <param name="Sets">The anonymous sets and maps.</param>
/// <param name="Chains">The bound chains (written <c>jump { ... }</c>), those of the sets' verdicts too.</param>
internal sealed record NftRuleExtra(IReadOnlyList<NftSet> Sets, IReadOnlyList<Chain> Chains);
