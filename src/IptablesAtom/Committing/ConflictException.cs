using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>Live is not any more what the plan was made from. Nothing was written: read again, plan again.</summary>
public class ConflictException : AtomException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What changed, and where.</param>
    public ConflictException(string message)
        : base(message)
    {
    }
}
