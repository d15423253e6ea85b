using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>The three FIFOs between the shell's functions and the server.</summary>
/// <remarks>
/// One line stands in the token FIFO; a function takes it before it sends and puts it back after it has its reply, so that subshells,
/// pipes and background calls do not mix. A function that goes ahead needs no token: it gets no reply, and a write of up to PIPE_BUF (4,096)
/// bytes is never mixed with another. The server holds both ends of all three open: nobody ever reads an end of file.
/// </remarks>
internal sealed unsafe class FunctionChannel : IDisposable
{
    private readonly Descriptor _request = Open(InterceptionPaths.Request);
    private readonly Descriptor _reply = Open(InterceptionPaths.Reply);
    private readonly Descriptor _token = Open(InterceptionPaths.Token);
    private byte[] _buffer = new byte[64 * 1024];
    private int _kept;
    private string _file = "";

    /// <summary>Makes the FIFOs and opens them. Runs inside staging.</summary>
    internal FunctionChannel()
    {
        _ = LibC.fcntl(_request.Number, LibC.F_SETPIPE_SZ, 1 << 20);
        Write(_token, "\n");
    }

    /// <summary>For poll.</summary>
    internal int Number => _request.Number;

    /// <summary>Reads what is there, and gives the requests that are whole. Waits if nothing is.</summary>
    internal List<FunctionRequest> Receive()
    {
        if (_kept == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        fixed (byte* start = _buffer)
        {
            _kept += (int)Math.Max(0, LibC.read(_request.Number, start + _kept, _buffer.Length - _kept));
        }

        List<FunctionRequest> requests = [];
        int taken = 0;
        while (Next(_buffer.AsSpan(taken, _kept - taken), out int length) is { } request)
        {
            requests.Add(request);
            taken += length;
        }

        _buffer.AsSpan(taken, _kept - taken).CopyTo(_buffer);
        _kept -= taken;
        return requests;
    }

    /// <summary>The call succeeded.</summary>
    /// <param name="ahead">True: the shell need not wait for the answers to further calls that add a rule.</param>
    internal void Done(bool ahead) => Write(_reply, ahead ? "A\n" : "0\n");

    internal void Exit(int call, byte status, string text) =>
        Write(_reply, string.Create(CultureInfo.InvariantCulture, $"X {call} {status} {text.TrimEnd('\n')}\n"));

    internal void RunReal(int call, bool isMutating) =>
        Write(_reply, string.Create(CultureInfo.InvariantCulture, $"{(isMutating ? 'R' : 'Q')} {call}\n"));

    /// <inheritdoc/>
    public void Dispose()
    {
        _request.Dispose();
        _reply.Dispose();
        _token.Dispose();
    }

    /// <summary>
    /// The first request, or null if it is not whole. Fields, each ended by NUL: number of words, process (0: it goes ahead), file, line, words. Without
    /// words: 0, call, status, handled, discarded.
    /// </summary>
    private FunctionRequest? Next(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (Field(bytes, ref length) is not { } count)
        {
            return null;
        }

        int words = Number0(count);
        string[] fields = new string[words == 0 ? 4 : words + 3];
        for (int i = 0; i < fields.Length; i++)
        {
            if (Field(bytes, ref length) is not { } field)
            {
                return null;
            }

            fields[i] = field;
        }

        if (words == 0)
        {
            return new FunctionRequest(0, "", 0, [], Number0(fields[0]), Number0(fields[1]), fields[2] == "1", fields[3] == "1");
        }

        // Most calls come from the same file: one string for all their records.
        _file = _file == fields[1] ? _file : fields[1];
        return new FunctionRequest(Number0(fields[0]), _file, Number0(fields[2]), fields[3..], 0, 0, false, false);
    }

    private static string? Field(ReadOnlySpan<byte> bytes, ref int at)
    {
        int end = bytes[at..].IndexOf((byte)0);
        if (end < 0)
        {
            return null;
        }

        string field = Encoding.Latin1.GetString(bytes.Slice(at, end));
        at += end + 1;
        return field;
    }

    private static int Number0(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static Descriptor Open(string path)
    {
        LibC.Check(LibC.mkfifo(path, 0x180 /* 0600 */));
        return new Descriptor(LibC.Check(LibC.open(path, LibC.O_RDWR | LibC.O_CLOEXEC, 0)));
    }

    private static void Write(Descriptor fifo, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        fixed (byte* start = bytes)
        {
            _ = LibC.write(fifo.Number, start, bytes.Length);
        }
    }
}
