using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>A tool that runs beside the script in staging and reads its commands from a pipe.</summary>
internal sealed unsafe class Coprocess : IDisposable
{
    private const int PipeSize = 1 << 20;

    private readonly int _pid;
    private readonly Descriptor _input;
    private readonly Descriptor _output;
    private readonly Descriptor _error;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _ended;

    /// <summary>Starts it.</summary>
    /// <exception cref="SpawnException">It cannot be started.</exception>
    internal Coprocess(StagingPlace place, IReadOnlyDictionary<string, string>? environment, params IReadOnlyList<string> argv)
    {
        (Descriptor stdin, _input) = Pipe();
        (_output, Descriptor stdout) = Pipe();
        (_error, Descriptor stderr) = Pipe();
        byte[][] arguments = [.. argv.Select(Encoding.UTF8.GetBytes)];
        IReadOnlyList<byte[]> variables = ProcessEnvironment.With(environment);
        using (stdin)
        using (stdout)
        using (stderr)
        {
            _pid = place.Run(() =>
            {
                Errno errno = Spawn.TryStart(
                    argv[0], arguments, variables, [(stdin.Number, 0), (stdout.Number, 1), (stderr.Number, 2)], out int pid);
                return errno == Errno.None ? pid : throw new SpawnException(argv[0], errno);
            });
        }
    }

    /// <summary>Its process id.</summary>
    internal int Pid => _pid;

    /// <summary>Writes all of it; false if the process has ended.</summary>
    internal bool Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint written = LibC.write(_input.Number, start + done, bytes.Length - done);
                if (written == -1 && LibC.LastErrno != Errno.EINTR)
                {
                    return false; // EPIPE: the runtime ignores SIGPIPE
                }

                done += (int)Math.Max(written, 0);
            }
        }

        return true;
    }

    /// <summary>Reads standard output until it ends with a mark. Null: the process ended first. Else the number of bytes before the mark.</summary>
    internal int? ReadOutputTo(ReadOnlySpan<byte> mark) => ReadTo(_output, mark);

    /// <summary>The same of standard error; the mark may be followed by the rest of its line.</summary>
    internal int? ReadErrorTo(ReadOnlySpan<byte> mark) => ReadTo(_error, mark);

    /// <summary>True if something comes to standard output within a time.</summary>
    internal bool WaitsWithOutput(int milliseconds)
    {
        LibC.PollFd polled = new() { Fd = _output.Number, Events = LibC.POLLIN };
        return LibC.poll(&polled, 1, milliseconds) > 0;
    }

    /// <summary>True if something stands in standard error that was not read.</summary>
    internal bool HasErrorText()
    {
        LibC.PollFd polled = new() { Fd = _error.Number, Events = LibC.POLLIN };
        return LibC.poll(&polled, 1, 0) > 0;
    }

    /// <summary>Throws away what stands in standard output.</summary>
    internal void DiscardOutput()
    {
        LibC.PollFd polled = new() { Fd = _output.Number, Events = LibC.POLLIN };
        fixed (byte* start = _buffer)
        {
            while (LibC.poll(&polled, 1, 0) > 0 && LibC.read(_output.Number, start, _buffer.Length) > 0)
            {
            }
        }
    }

    /// <summary>Closes its input and waits: what it was asked for is done, what is uncommitted is lost.</summary>
    internal ExitStatus End()
    {
        _input.Dispose();
        _ended = true;
        return Spawn.Wait(_pid);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
        {
            _ = LibC.kill(_pid, LibC.SIGKILL);
            _ = End();
        }

        _output.Dispose();
        _error.Dispose();
    }

    private static (Descriptor Read, Descriptor Write) Pipe()
    {
        (Descriptor Read, Descriptor Write) pipe = Spawn.Pipe();
        _ = LibC.fcntl(pipe.Write.Number, LibC.F_SETPIPE_SZ, PipeSize); // a smaller pipe is slower and as right
        return pipe;
    }

    private int? ReadTo(Descriptor stream, ReadOnlySpan<byte> mark)
    {
        int kept = 0, dropped = 0;
        fixed (byte* start = _buffer)
        {
            while (true)
            {
                if (kept == _buffer.Length)
                {
                    // Only the end can be the mark.
                    Buffer.BlockCopy(_buffer, kept - mark.Length, _buffer, 0, mark.Length);
                    dropped += kept - mark.Length;
                    kept = mark.Length;
                }

                nint got = LibC.read(stream.Number, start + kept, _buffer.Length - kept);
                if (got == -1 && LibC.LastErrno == Errno.EINTR)
                {
                    continue;
                }

                if (got <= 0)
                {
                    return null;
                }

                kept += (int)got;
                int at = _buffer.AsSpan(0, kept).IndexOf(mark);
                if (at >= 0 && _buffer[kept - 1] == '\n')
                {
                    return dropped + at;
                }
            }
        }
    }
}
