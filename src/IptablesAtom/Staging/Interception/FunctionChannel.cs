using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>The three FIFOs between the shell's functions and the server.</summary>
/// <remarks>
/// One line stands in the token FIFO; a function takes it before it sends and puts it back after it has its reply, so that subshells,
/// pipes and background calls do not mix. The server holds both ends of all three open: nobody ever reads an end of file.
/// </remarks>
internal sealed unsafe class FunctionChannel : IDisposable
{
    private readonly Descriptor _request = Open(InterceptionPaths.Request);
    private readonly Descriptor _reply = Open(InterceptionPaths.Reply);
    private readonly Descriptor _token = Open(InterceptionPaths.Token);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<string> _fields = [];
    private readonly List<byte> _field = [];
    private string _file = "";

    /// <summary>Makes the FIFOs and opens them. Runs inside staging.</summary>
    internal FunctionChannel()
    {
        _ = LibC.fcntl(_request.Number, LibC.F_SETPIPE_SZ, 1 << 20);
        Write(_token, "\n");
    }

    /// <summary>For poll.</summary>
    internal int Number => _request.Number;

    /// <summary>Reads what is there, and gives the requests that are whole.</summary>
    internal List<FunctionRequest> Receive()
    {
        List<FunctionRequest> requests = [];
        nint got;
        fixed (byte* start = _buffer)
        {
            got = LibC.read(_request.Number, start, _buffer.Length);
        }

        for (int i = 0; i < got; i++)
        {
            if (_buffer[i] != 0)
            {
                _field.Add(_buffer[i]);
                continue;
            }

            _fields.Add(Encoding.Latin1.GetString([.. _field]));
            _field.Clear();
            if (_fields.Count == Number0(_fields[0]) + 4)
            {
                requests.Add(Parse());
                _fields.Clear();
            }
        }

        return requests;
    }

    internal void Done() => Write(_reply, "0\n");

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

    /// <summary>Fields: number of words, process, file, line, words. Without words: 0, call, status, handled.</summary>
    private FunctionRequest Parse()
    {
        if (_fields[0] == "0")
        {
            return new FunctionRequest(0, "", 0, [], Number0(_fields[1]), Number0(_fields[2]), _fields[3] == "1");
        }

        // Most calls come from the same file: one string for all their records.
        _file = _file == _fields[2] ? _file : _fields[2];
        return new FunctionRequest(Number0(_fields[1]), _file, Number0(_fields[3]), [.. _fields.Skip(4)], 0, 0, false);
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
