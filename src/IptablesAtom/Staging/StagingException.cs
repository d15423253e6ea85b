using IptablesAtom.Netlink;

namespace IptablesAtom.Staging;

/// <summary>The staging namespace could not be made or kept. Live is untouched.</summary>
public sealed class StagingException : AtomException
{
    internal StagingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
