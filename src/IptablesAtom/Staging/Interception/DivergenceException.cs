using IptablesAtom.Netlink;
using IptablesAtom.Sources;

namespace IptablesAtom.Staging.Interception;

/// <summary>The kernel refused, in a batch or later than the script went on, what the script had been told to be done. The run must be repeated.</summary>
public sealed class DivergenceException : AtomException
{
    /// <summary>The script went on before a call was answered, which then failed: it is enough to have it wait for each answer.</summary>
    internal DivergenceException(CallRecord failed)
        : base($"{ShellWords.Join(failed.Words)} failed when the script had gone on; the script has to be run again, waiting for each answer") => WentAhead = true;

    internal DivergenceException(string table, Exception? inner = null)
        : base($"batched commands for {table} could not be made to hold what the script was told{(inner is null ? "" : $" ({inner.Message})")}; the script has to be run again with --exact", inner)
    {
    }

    /// <summary>True if waiting for each answer helps; else only --exact does.</summary>
    internal bool WentAhead { get; }
}
