using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>Something failed when live had been changed already. Says what is in force now.</summary>
public sealed class CommitException : AtomException
{
    internal CommitException(string message, bool isRestored, Exception cause)
        : base(message, cause) => IsRestored = isRestored;

    /// <summary>True: the state before the commit is in force again, read back and equal. False: the message says what is in force.</summary>
    public bool IsRestored { get; }
}
