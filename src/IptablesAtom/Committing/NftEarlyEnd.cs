using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Tells whether a packet can reach the policy of a base chain without passing the chain's last rule.</summary>
internal static class NftEarlyEnd
{
    /// <summary>True if a rule can end the chain by RETURN or goto; in doubt true.</summary>
    internal static bool IsPossible(Family family, IReadOnlyList<Rule> rules)
    {
        foreach (Rule rule in rules)
        {
            if (IsPossible(family, rule))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPossible(Family family, Rule rule)
    {
        if (rule.IsGoto)
        {
            return true;
        }

        foreach (Expression expression in new ExpressionReader(rule.Raw))
        {
            // An ebtables target (mark, snat, dnat...) holds a verdict of its own, which may be RETURN.
            bool isOpaque = family == Family.Bridge && expression.Is("target"u8);
            bool returns = expression.Is("immediate"u8)
                && NftRuleDecoder.VerdictOf(expression, out _) is Verdict.Return or Verdict.Goto;

            // A verdict map.
            bool isMap = expression.Is("lookup"u8) && expression.TryFind(LookupDestination, out var register) && register.AsUInt32Be() == 0;
            if (isOpaque || returns || isMap)
            {
                return true;
            }
        }

        return false;
    }

    private const int LookupDestination = 3; // NFTA_LOOKUP_DREG
}
