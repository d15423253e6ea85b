namespace IptablesAtom.Staging;

/// <summary>How a script is staged.</summary>
public sealed record StagingOptions
{
    /// <summary>How long the script may run; null for no bound.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>True: what the script writes to its standard output goes to standard error, because standard output is for our data.</summary>
    public bool OutputToError { get; init; }

    /// <summary>Signals to this program; null when nobody listens to them.</summary>
    public Interruption? Interruption { get; init; }

    /// <summary>The program that has the launcher (<see cref="Launcher"/>) in it: this one.</summary>
    public string LauncherPath { get; init; } = "/proc/self/exe";
}
