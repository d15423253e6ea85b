namespace IptablesAtom.Cli;

/// <summary>What the program's exit status says. Documented in the README and in <c>--help</c>; scripts rely on it.</summary>
internal static class ExitCode
{
    /// <summary>Done, or nothing to change.</summary>
    internal const int Done = 0;

    /// <summary>Failed; live is untouched.</summary>
    internal const int Failed = 1;

    /// <summary>Wrong usage; or, for plan, there are changes.</summary>
    internal const int UsageOrChanges = 2;

    /// <summary>The script or one of its firewall commands failed; live is untouched.</summary>
    internal const int ScriptFailed = 3;

    /// <summary>Lock or concurrent change; live is untouched.</summary>
    internal const int Conflict = 4;

    /// <summary>Failed at or after the commit; the old state was restored and verified.</summary>
    internal const int Restored = 6;

    /// <summary>Failed and not restored: the message says what is in force.</summary>
    internal const int NotRestored = 7;

    /// <summary>Ended by a signal: this plus its number; live is untouched.</summary>
    internal const int Signal = 128;
}
