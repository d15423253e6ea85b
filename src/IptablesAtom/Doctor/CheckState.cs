namespace IptablesAtom.Doctor;

/// <summary>What a check found.</summary>
public enum CheckState
{
    /// <summary>It works here.</summary>
    Works,
    /// <summary>It was not tried, since trying would have changed something (loaded a kernel module), or it works in part.</summary>
    Limited,
    /// <summary>It does not work here; the rest does.</summary>
    Missing,
    /// <summary>It does not work here, and without it nothing does.</summary>
    Fatal,
}
