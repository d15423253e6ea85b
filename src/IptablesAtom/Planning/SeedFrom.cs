namespace IptablesAtom.Planning;

/// <summary>What the user wants staging to start with (<c>--from</c>).</summary>
public enum SeedFrom
{
    /// <summary>Live; without what this source put there when it was applied before.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>An exact copy of live.</summary>
    Live,
}
