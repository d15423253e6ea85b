namespace IptablesAtom.Model;

/// <summary>A table with its chains in the kernel's order.</summary>
public sealed class Table
{
    private Dictionary<string, Chain>? _byName;

    /// <summary>Its identity.</summary>
    public required TableId Id { get; init; }

    /// <summary>The chains, base chains and user chains as the kernel lists them.</summary>
    public required IReadOnlyList<Chain> Chains { get; init; }

    /// <summary>What only one backend knows of the table (nft: sets, maps, objects, flowtables, attributes; legacy: valid hooks), or null.</summary>
    public object? Extra { get; init; }

    /// <summary>The chain of that name, or null.</summary>
    /// <param name="name">Its name.</param>
    public Chain? Find(string name)
    {
        _byName ??= Chains.ToDictionary(chain => chain.Name, StringComparer.Ordinal);
        return _byName.GetValueOrDefault(name);
    }

    /// <summary>A copy with other chains.</summary>
    /// <param name="chains">The chains, in order.</param>
    public Table With(IReadOnlyList<Chain> chains) => new() { Id = Id, Chains = chains, Extra = Extra };

    /// <summary>True if nothing is in it that could touch a packet: no user chains, no rules, policies ACCEPT, no sets or objects.</summary>
    public bool IsNeutral => Extra is not IHasContent { HasContent: true }
        && Chains.All(chain => chain.IsBase && chain.Rules.Count == 0 && chain.Policy == Policy.Accept);
}
