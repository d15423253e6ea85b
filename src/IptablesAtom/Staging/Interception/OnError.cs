namespace IptablesAtom.Staging.Interception;

/// <summary>Which failed firewall commands of a script end the run.</summary>
public enum OnError
{
    /// <summary>Those that should have added something, and that the script did not handle itself.</summary>
    Fail,

    /// <summary>Every one.</summary>
    Strict,

    /// <summary>None.</summary>
    Ignore,
}
