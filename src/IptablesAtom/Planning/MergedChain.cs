using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A chain as it shall be, and whose its parts are.</summary>
internal sealed record MergedChain(Chain Chain, int[] Owners, int Owner, int PolicyOwner, Policy PolicyBefore)
{
    /// <summary>What the base remembers of it; null if nothing in it is of a source.</summary>
    internal BaseChain? ToBase()
    {
        bool ours = Owner != Base.Foreign || PolicyOwner != Base.Foreign || Owners.Any(owner => owner != Base.Foreign);
        return !ours ? null : new BaseChain
        {
            Owner = Owner,
            PolicyOwner = PolicyOwner,
            PolicyBefore = PolicyBefore,
            Rules = [.. Chain.Rules.Select((rule, index) => new BaseRule(rule.Key, Owners[index]))],
        };
    }
}
