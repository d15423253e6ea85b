namespace IptablesAtom.Staging.Sysctls;

/// <summary>What becomes of the sysctls that a script sets.</summary>
public enum SysctlMode
{
    /// <summary>They are set on live with the commit, after the rules.</summary>
    Apply,
    /// <summary>They are only listed.</summary>
    Report,
    /// <summary>They are forgotten with staging.</summary>
    Ignore,
}
