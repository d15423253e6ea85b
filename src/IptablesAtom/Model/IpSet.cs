namespace IptablesAtom.Model;

/// <summary>An ipset: header and entries as the kernel's own bytes.</summary>
/// <remarks>
/// The entries stay in the nests in which they were dumped (up to 64 KB each); a set of a million entries is some
/// hundred arrays. Each entry is one attribute of a nest.
/// </remarks>
public sealed class IpSet
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its number in this namespace, by which rules refer to it.</summary>
    public required ushort Index { get; init; }

    /// <summary>For example <c>hash:ip</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>The type's revision.</summary>
    public required byte Revision { get; init; }

    /// <summary>NFPROTO_*; 0 where the type has none.</summary>
    public required byte Family { get; init; }

    /// <summary>The attributes of IPSET_ATTR_DATA for a create, byte order bits set; without counts of entries, references and memory.</summary>
    public required byte[] CreateData { get; init; }

    /// <summary>The payloads of the dumped IPSET_ATTR_ADT nests, byte order bits set: what one ADD message takes.</summary>
    public required IReadOnlyList<byte[]> Entries { get; init; }

    /// <summary>Number of entries.</summary>
    public required int Count { get; init; }

    /// <summary>Equal for sets of equal header and entries, whatever their order, time left and counters.</summary>
    public required UInt128 ContentHash { get; init; }

    /// <summary>Equal for sets that a create would make alike: type, family and options, without sizes that the kernel tunes.</summary>
    public required UInt128 HeaderHash { get; init; }

    /// <summary>References by rules and list:sets.</summary>
    public int References { get; init; }

    /// <summary>list:set: the members' names in order; else empty.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>True if its entries expire.</summary>
    public bool HasTimeout { get; init; }
}
