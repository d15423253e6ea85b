namespace IptablesAtom.Planning;

/// <summary>What a source put into an ipset.</summary>
/// <param name="Owner">Index in <see cref="Base.Sources"/>.</param>
/// <param name="Created">True if it also created the set.</param>
/// <param name="Entries">The identities of its entries, sorted (see <c>IpSetEntries</c>).</param>
public sealed record BaseSet(int Owner, bool Created, ulong[] Entries);
