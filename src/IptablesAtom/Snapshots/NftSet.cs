namespace IptablesAtom.Snapshots;

/// <summary>A set or map inside an nf_tables table, as the kernel's own bytes.</summary>
internal sealed class NftSet
{
    /// <summary>Its name; <c>__set%d</c> or <c>__map%d</c> with a number, if it is anonymous.</summary>
    internal required string Name { get; init; }

    /// <summary>NFTA_SET_FLAGS.</summary>
    internal required uint Flags { get; init; }

    /// <summary>The attributes that a NEWSET takes, but table, name and id.</summary>
    internal required byte[] Attributes { get; init; }

    /// <summary>The values of NFTA_SET_ELEM_LIST_ELEMENTS: what one NEWSETELEM takes each.</summary>
    internal required IReadOnlyList<byte[]> Elements { get; init; }

    /// <summary>Equal for sets that a NEWSET would make alike.</summary>
    internal required UInt128 HeaderHash { get; init; }

    /// <summary>The sum of the elements' hashes, without what time and packets change.</summary>
    internal required UInt128 ElementsHash { get; init; }
}
