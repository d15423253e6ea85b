using IptablesAtom.Netlink;

namespace IptablesAtom.Staging.Interception;

/// <summary>The kernel refused, in a batch, what the script had been told to be done. The run must be repeated without acceleration.</summary>
public sealed class DivergenceException : AtomException
{
    internal DivergenceException(string table)
        : base($"the kernel refused batched commands for {table} that each looked right; the script has to be run again with --exact")
    {
    }
}
