using System.Runtime.ExceptionServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>A thread for one action that changes what its thread sees (namespaces, root): nothing else ever runs on it.</summary>
internal static class OwnThread
{
    /// <summary>Runs it to its end; its exception is thrown here.</summary>
    internal static T Run<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
