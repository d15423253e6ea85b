namespace IptablesAtom.Model;

/// <summary>What a backend keeps beside the chains of a table.</summary>
public interface IHasContent
{
    /// <summary>True if there are sets, maps, objects or flowtables.</summary>
    bool HasContent { get; }

    /// <summary>True if both hold the same, state aside.</summary>
    /// <param name="other">The other table's.</param>
    bool SameContent(object? other);
}
