using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Committing;

/// <summary>The locks of a commit: the namespace's own, by which commits of this program wait for each other, and the one of the legacy tools.</summary>
/// <remarks>Always taken in this order, so that two commits cannot wait for each other.</remarks>
internal sealed class CommitLocks : IDisposable
{
    private readonly IDisposable _own;
    private readonly XtablesLock? _xtables;

    private CommitLocks(IDisposable own, XtablesLock? xtables)
    {
        _own = own;
        _xtables = xtables;
    }

    /// <summary>True if the lock of the legacy tools is held too: none of them can change a table now.</summary>
    internal bool HoldsXtables => _xtables is not null;

    /// <summary>Takes them.</summary>
    /// <param name="live">The namespace.</param>
    /// <param name="wait">How long to wait for each.</param>
    /// <param name="withXtables">Whether to take the legacy tools' lock already now; else the commit takes it when it needs it.</param>
    /// <exception cref="LockException">One is held.</exception>
    internal static CommitLocks Take(NetworkNamespace live, TimeSpan wait, bool withXtables = false)
    {
        IDisposable own = live.Lock(wait);
        try
        {
            return new CommitLocks(own, withXtables ? XtablesLock.Take(wait, XtablesLock.DefaultPath) : null);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _xtables?.Dispose();
        _own.Dispose();
    }
}
