namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// A dedicated thread that enters a network namespace, does one thing there with libc calls only, and ends.
/// </summary>
/// <remarks>
/// A socket belongs for good to the namespace in which it was opened, so only the opening must happen inside. A thread of
/// the runtime (pool, timer, socket engine) that is first created from code on such a thread would inherit its namespace
/// and keep it for good; hence no Task, Process, Console or logging inside, and the thread is never used again.
/// </remarks>
internal static class NamespaceThread
{
    /// <summary>Runs <paramref name="action"/> inside <paramref name="target"/> and returns its result; its exception is thrown here.</summary>
    internal static T Run<T>(NetworkNamespace target, Func<T> action) => Begin(target, action).Result;

    /// <summary>The same, without waiting.</summary>
    internal static OwnThread<T> Begin<T>(NetworkNamespace target, Func<T> action) => new(() =>
    {
        Errno errno = Enter(target);
        return errno == Errno.None ? action() : throw new NamespaceException(target.Description, "setns", errno);
    });

    /// <summary>Starts a thread that lives inside <paramref name="target"/>; the same rules hold for it. An error on entering is thrown here.</summary>
    /// <param name="target">The namespace.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="action">Catches its own exceptions.</param>
    internal static Thread Start(NetworkNamespace target, string name, Action action)
    {
        Errno errno = Errno.None;
        using ManualResetEventSlim entered = new();
        Thread thread = new(() =>
        {
            errno = Enter(target);
            bool inside = errno == Errno.None;
            entered.Set();
            if (inside)
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        entered.Wait();
        return errno == Errno.None ? thread : throw new NamespaceException(target.Description, "setns", errno);
    }

    /// <summary>setns(2) asks for privilege over the namespace, also over the one that the thread is in already.</summary>
    private static Errno Enter(NetworkNamespace target) =>
        LibC.setns(target.Number, LibC.CLONE_NEWNET) == 0 || target.IsOfThisThread ? Errno.None : LibC.LastErrno;
}
