using System.Buffers.Binary;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Sources;

namespace IptablesAtom.Staging;

public sealed partial class StagingNamespace
{
    /// <summary>How long a script that was told to end may take for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs the script to its end; its standard streams and its terminal are ours. Then everything it left is ended.</summary>
    /// <param name="whileRunning">Called at least twice a second until the script has ended.</param>
    /// <exception cref="InterruptedException">A signal asked us to end; script and staging have ended.</exception>
    /// <exception cref="ScriptException">The script cannot be executed.</exception>
    /// <exception cref="StagingException">The launcher was killed.</exception>
    public ScriptResult Run(Action? whileRunning = null)
    {
        _options.Interruption?.ThrowIfRequested();
        LaunchOrder order = new(Program, StringBlock.Encode(Arguments), ProcessEnvironment.With(_variables), _options.OutputToError);
        _ = _launcher.Send((byte)LauncherMessage.Go, order.Encode());
        Ending ending = new(this, _options.Timeout);
        _options.Interruption?.Listen(ending.Interrupt);
        try
        {
            while (!_launcher.Poll(ending.MillisecondsLeft))
            {
                ending.Proceed();
                whileRunning?.Invoke();
            }
        }
        finally
        {
            _options.Interruption?.Listen(null);
        }

        ScriptResult result = Read(_launcher.Receive(), ending.TimedOut);
        _options.Interruption?.ThrowIfRequested();
        return result;
    }

    private ScriptResult Read((byte Kind, byte[] Content)? frame, bool timedOut)
    {
        ExitStatus? launcher = ReapLauncher();
        switch (frame)
        {
            case ((byte)LauncherMessage.Ended, byte[] content):
                string[] leftOvers = [.. ProcessEnvironment.Split(content.AsSpan(4)).Select(Encoding.UTF8.GetString)];
                return new ScriptResult(new ExitStatus(BinaryPrimitives.ReadInt32LittleEndian(content)), timedOut, leftOvers);
            case ((byte)LauncherMessage.NotStarted, byte[] content):
                throw new ScriptException(Command.Name, $"\"{Command.Name}\" cannot be executed: {LinuxException.Describe((Errno)BinaryPrimitives.ReadInt32LittleEndian(content))}");
            default:
                ProcessTree.End(); // its orphans came to us
                throw new StagingException($"the launcher of the script was ended from outside ({launcher}); the script was ended too");
        }
    }

    private void Signal(LauncherMessage message, int signal) => _ = _launcher.Send((byte)message, [(byte)signal]);

    /// <summary>
    /// The steps to a script's end. Its time is up: SIGTERM to all of it. A signal to us: SIGTERM and SIGHUP are passed on, SIGINT and SIGQUIT
    /// only when they cannot have come from the terminal, which sends them to the script too. After the grace: SIGKILL.
    /// </summary>
    private sealed class Ending(StagingNamespace staging, TimeSpan? timeout)
    {
        private readonly Lock _changing = new();
        private long? _next = timeout is TimeSpan time ? Environment.TickCount64 + (long)time.TotalMilliseconds : null;
        private bool _told;

        internal bool TimedOut { get; private set; }

        /// <summary>Until the next step: bounded, so that a signal's shorter time is seen.</summary>
        internal int MillisecondsLeft
        {
            get
            {
                lock (_changing)
                {
                    return _next is long next ? (int)Math.Clamp(next - Environment.TickCount64, 0, 500) : 500;
                }
            }
        }

        internal void Interrupt(int signal)
        {
            lock (_changing)
            {
                if (signal is LibC.SIGTERM or LibC.SIGHUP || !Terminal.IsOurs())
                {
                    staging.Signal(LauncherMessage.Signal, signal);
                }

                if (!_told)
                {
                    _told = true;
                    _next = Environment.TickCount64 + (long)Grace.TotalMilliseconds;
                }
            }
        }

        internal void Proceed()
        {
            lock (_changing)
            {
                if (_next is not long next || Environment.TickCount64 < next)
                {
                    return;
                }

                TimedOut |= !_told;
                staging.Signal(LauncherMessage.SignalAll, _told ? LibC.SIGKILL : LibC.SIGTERM);
                _told = true;
                _next = Environment.TickCount64 + (long)Grace.TotalMilliseconds;
            }
        }
    }
}
