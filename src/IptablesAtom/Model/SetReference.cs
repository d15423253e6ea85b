namespace IptablesAtom.Model;

/// <summary>Where a rule's bytes hold the index of an ipset (u16, host order). Indexes differ between namespaces; names do not.</summary>
/// <param name="Offset">Offset in <see cref="Rule.Raw"/>.</param>
/// <param name="Name">The set's name.</param>
public readonly record struct SetReference(int Offset, string Name);
