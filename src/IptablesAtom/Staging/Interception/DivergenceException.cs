using IptablesAtom.Netlink;

namespace IptablesAtom.Staging.Interception;

/// <summary>The kernel refused, in a batch, what the script had been told to be done. The run must be repeated without acceleration.</summary>
public sealed class DivergenceException : AtomException
{
    internal DivergenceException(string table, Exception? inner = null)
        : base($"batched commands for {table} could not be made to hold what the script was told{(inner is null ? "" : $" ({inner.Message})")}; the script has to be run again with --exact", inner)
    {
    }
}
