using System.Runtime.ExceptionServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>A thread for one action, which may change what its thread sees (namespaces, root): nothing else ever runs on it.</summary>
/// <remarks>What the action throws is thrown where its result is asked for. No Task: a thread of the pool would stay in the namespaces that it entered.</remarks>
/// <typeparam name="T">The result; if it is to be disposed of, then also when nobody asked for it.</typeparam>
internal sealed class OwnThread<T> : IDisposable
{
    private readonly Thread _thread;
    private T _result = default!;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins.</summary>
    internal OwnThread(Func<T> action)
    {
        _thread = new Thread(() =>
        {
            try
            {
                _result = action();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
    }

    /// <summary>The result, when it is there.</summary>
    internal T Result
    {
        get
        {
            _thread.Join();
            _failure?.Throw();
            return _result;
        }
    }

    /// <summary>Waits for the end, and disposes of the result.</summary>
    public void Dispose()
    {
        _thread.Join();
        (_result as IDisposable)?.Dispose();
    }
}
