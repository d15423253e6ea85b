using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>
/// Listens to the signals that end a program (SIGINT, SIGQUIT, SIGTERM, SIGHUP). Until the commit begins they end the run with live untouched; from then on they
/// are held back, because a commit is brought to its end one way or the other.
/// </summary>
/// <remarks>A signal that was ignored when the program started (nohup, a background job of a script) stays ignored.</remarks>
public sealed class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _changing = new();
    private Action<int>? _listener;
    private int? _signal;
    private bool _deferred;

    /// <summary>Begins to listen.</summary>
    public Interruption()
    {
        foreach ((int number, PosixSignal signal) in (ReadOnlySpan<(int, PosixSignal)>)[
            (LibC.SIGINT, PosixSignal.SIGINT),
            (LibC.SIGQUIT, PosixSignal.SIGQUIT),
            (LibC.SIGTERM, PosixSignal.SIGTERM),
            (LibC.SIGHUP, PosixSignal.SIGHUP)])
        {
            if (!Spawn.IsIgnored(number))
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    Take(number);
                }));
            }
        }
    }

    /// <summary>The first signal that came before the commit; null when none did.</summary>
    public int? Signal
    {
        get
        {
            lock (_changing)
            {
                return _signal;
            }
        }
    }

    /// <summary>Ends the run if a signal came.</summary>
    /// <exception cref="InterruptedException">One did.</exception>
    public void ThrowIfRequested()
    {
        if (Signal is int signal)
        {
            throw new InterruptedException(signal);
        }
    }

    /// <summary>The point of no return: ends the run if a signal came before, and holds back all that come later.</summary>
    /// <exception cref="InterruptedException">One came before.</exception>
    public void BeginCommit()
    {
        lock (_changing)
        {
            _deferred = true;
        }

        ThrowIfRequested();
    }

    /// <summary>Calls <paramref name="listener"/> with each signal from now on, and at once if one came already; null ends that.</summary>
    internal void Listen(Action<int>? listener)
    {
        lock (_changing)
        {
            _listener = listener;
            if (_signal is int signal)
            {
                listener?.Invoke(signal);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Take(int signal)
    {
        lock (_changing)
        {
            if (!_deferred)
            {
                _signal ??= signal;
                _listener?.Invoke(signal);
            }
        }
    }
}
