namespace IptablesAtom.Netlink;

/// <summary>The root of every error that the tool reports: its message is a sentence for the user.</summary>
public abstract class AtomException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">A sentence: what, where, what to do.</param>
    /// <param name="inner">The error behind it.</param>
    protected internal AtomException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
