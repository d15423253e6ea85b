namespace IptablesAtom.Planning;

/// <summary>What staging did start with. The merge needs it to know what a rule that is gone from staging means.</summary>
public enum SeedKind
{
    /// <summary>Nothing: what is not there was not built.</summary>
    Empty,

    /// <summary>A copy of live: what is not there any more was removed by the script.</summary>
    Live,

    /// <summary>A copy of live without what this source had put there: that is not there unless the script built it again.</summary>
    LiveWithoutOurs,
}
