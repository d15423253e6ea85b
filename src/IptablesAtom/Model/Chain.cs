namespace IptablesAtom.Model;

/// <summary>A chain with its rules in order.</summary>
public sealed class Chain
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A base chain's hook (a "built-in chain" of iptables); null for a user chain.</summary>
    public Hook? Hook { get; init; }

    /// <summary>A base chain's policy; meaningless for a user chain.</summary>
    public Policy Policy { get; init; } = Policy.Accept;

    /// <summary>What reached the policy.</summary>
    public Counter Counter { get; init; }

    /// <summary>The rules, in order.</summary>
    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>nft: NFTA_CHAIN_FLAGS and user data for re-creation, as the whitelisted attributes' bytes; else empty.</summary>
    public byte[] Raw { get; init; } = [];

    /// <summary>True for a base chain.</summary>
    public bool IsBase => Hook is not null;

    /// <summary>A copy with other rules.</summary>
    /// <param name="rules">The rules, in order.</param>
    public Chain With(IReadOnlyList<Rule> rules) =>
        new() { Name = Name, Hook = Hook, Policy = Policy, Counter = Counter, Rules = rules, Raw = Raw };
}
