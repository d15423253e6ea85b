using System.Buffers;
using System.Globalization;
using System.Text;
using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>One table of one tool and back-end: its restore coprocess, and what is known of it.</summary>
/// <remarks>
/// <para>Model: <c>*-restore --noflush</c> keeps a table in memory from <c>*TABLE</c> to <c>COMMIT</c>. Each call becomes one of its lines.
/// The journal holds the lines that it took and that are not committed.</para>
/// <para>Reasons: a call of iptables reads the whole table and, for legacy, writes it whole; a line of restore does neither.</para>
/// <para>What the tool guarantees: with --verbose a comment line is echoed and flushed (since 1.8.5; netd depends on it), after the line before it
/// was taken. A refused line ends the process, and a COMMIT is all or nothing. So an echo means "taken", and after a refusal the
/// journal can be replayed to the same state.</para>
/// <para>Threading: the server's thread only.</para>
/// </remarks>
internal sealed class TableSession(StagingPlace place, Family family, Backend backend, string table, int patience) : IDisposable
{
    /// <summary>
    /// Calls that go to the real tool before the table is read: that and the start of a process cost as much as they do. So a script of few calls, or
    /// one that makes what was read void again and again, costs no more than it does directly.
    /// </summary>
    internal const int Patience = 2;

    /// <summary>
    /// Lines after which everything is committed and the process ended: it keeps 0.5 to 1.2 KB for each. Few enough to stay small, and many enough
    /// that reading the table anew does not count.
    /// </summary>
    private const int MaxJournal = 20_000;

    private const int LargeProcess = 2_000;

    /// <summary>Bytes to be sent that are not let grow further: the process can begin.</summary>
    private const int LargeQueue = 16 * 1024;

    private readonly List<byte[]> _journal = [];
    private readonly ArrayBufferWriter<byte> _queue = new();
    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private Coprocess? _process;
    private bool _isOpen;
    private bool _isSettled = true;
    private bool _isRegistered;
    private long _tag;
    private int _unread;

    /// <summary>What is known of the chains; null if that must be read.</summary>
    internal TableModel? Model
    {
        get;
        set
        {
            field = value;
            _unread = 0;
        }
    }

    internal Family Family => family;

    internal Backend Backend => backend;

    internal string Table => table;

    /// <summary>True if lines wait for their COMMIT.</summary>
    internal bool HasPending => _journal.Count > 0;

    /// <summary>True if the restore process holds the table open: a snapshot that another program's change would make stale.</summary>
    internal bool IsOpen => _isOpen;

    /// <summary>
    /// True once the table is there. Until then calls go to the real tool, so that a table comes into being with the call with which it would
    /// without us: a legacy table, even an empty one, is seen by the save tools, in the order of its registration.
    /// </summary>
    internal bool IsRegistered()
    {
        if (_isRegistered)
        {
            return true;
        }

        if (backend == Backend.Nft)
        {
            _isRegistered = true; // by the call that is forwarded now
            return false;
        }

        string names = $"/proc/thread-self/net/{(family == Family.Ipv6 ? "ip6" : "ip")}_tables_names";
        _isRegistered = place.Run(() => File.Exists(names) && Array.IndexOf(File.ReadAllLines(names), table) >= 0);
        return _isRegistered;
    }

    /// <summary>True if a call is to be decided by the model; false while too few came since there was none.</summary>
    internal bool IsWorthReading() => Model is not null || ++_unread > patience;

    internal bool Knows(List<string> parts) => parts.TrueForAll(_accepted.Contains);

    internal bool KnowsAsRefused(List<string> parts) => _refused.Count > 0 && _refused.Contains(string.Join('\n', parts));

    /// <summary>
    /// Takes a line that is sure to be taken (a shape that the kernel accepted, values of which each is valid), without waiting for the process. It reads
    /// the line while the script goes on; should it refuse it after all, <see cref="Settle"/> says so.
    /// </summary>
    internal bool Enqueue(string line)
    {
        if (_process is null || !_isOpen || _journal.Count >= MaxJournal)
        {
            return Submit(line);
        }

        byte[] bytes = Encoding.Latin1.GetBytes(line);
        _queue.Write(bytes);
        _queue.Write("\n"u8);
        _journal.Add(bytes);
        _isSettled = false;
        if (_queue.WrittenCount > LargeQueue)
        {
            Push();
        }

        return true;
    }

    /// <summary>Sends the lines that were taken without waiting.</summary>
    internal void Push()
    {
        if (_queue.WrittenCount > 0)
        {
            _ = _process!.Write(_queue.WrittenSpan); // if it has ended, Settle finds no answer
            _queue.ResetWrittenCount();
        }
    }

    /// <summary>Waits until the process has read all that it was sent.</summary>
    /// <exception cref="DivergenceException">It refused a line that the script was told to be taken.</exception>
    private void Settle()
    {
        if (!_isSettled)
        {
            Push();
            _isSettled = true;
            if (!Send(default, mustBeSilent: true))
            {
                Drop();
                throw new DivergenceException(ToString());
            }
        }
    }

    /// <summary>Hands a line over. False: it was refused, and the process is gone with all that was not committed (see <see cref="Flush"/>).</summary>
    internal bool Submit(string line)
    {
        if (_journal.Count >= MaxJournal)
        {
            Flush();
            Drop();
        }

        byte[] bytes = Encoding.Latin1.GetBytes(line);
        if (!Prepare() || !Send(bytes, mustBeSilent: true))
        {
            Drop();
            return false;
        }

        _journal.Add(bytes);
        return true;
    }

    /// <summary>Asks a question: a line that changes nothing and is not kept.</summary>
    internal bool Ask(string line)
    {
        if (Prepare() && Send(Encoding.Latin1.GetBytes(line), mustBeSilent: true))
        {
            return true;
        }

        Drop();
        return false;
    }

    /// <summary>Hands a line over and has the kernel judge it at once, remembering the judgement for rules of the same parts.</summary>
    internal bool Probe(string line, List<string> parts)
    {
        if (!Submit(line))
        {
            return false;
        }

        if (Commit())
        {
            _journal.Clear();
            _accepted.UnionWith(parts);
            return true;
        }

        Drop();
        _journal.RemoveAt(_journal.Count - 1);
        _refused.Add(string.Join('\n', parts));
        return false;
    }

    /// <summary>Brings everything that was accepted into the kernel.</summary>
    /// <exception cref="DivergenceException">The kernel refused what was accepted before: the script was told something wrong.</exception>
    internal void Flush()
    {
        if (HasPending && (!Prepare() || !Commit()))
        {
            Drop();
            throw new DivergenceException(ToString());
        }

        if (_isOpen && !Commit())
        {
            Drop();
        }

        _journal.Clear();
    }

    /// <summary>
    /// Nothing will be asked any more, and everything is flushed. A process that grew is ended now; a small one may stay until staging goes, because its end
    /// waits for an RCU grace period of the kernel.
    /// </summary>
    internal void Forget()
    {
        Model = null;
        if (_tag > LargeProcess)
        {
            Drop();
        }
    }

    /// <summary>Ends the process; what waits must have been flushed.</summary>
    internal void Drop()
    {
        _process?.Dispose();
        _process = null;
        _isOpen = false;
        _queue.ResetWrittenCount();
        _isSettled = true;
    }

    /// <inheritdoc/>
    public override string ToString() => new TableId(backend, family, table).ToString();

    /// <inheritdoc/>
    public void Dispose() => Drop();

    /// <summary>Starts the process and replays the journal if that is needed, and opens the table.</summary>
    private bool Prepare()
    {
        Settle();
        bool replay = _process is null;
        _process ??= Start();
        if (!_isOpen)
        {
            _isOpen = Send(Encoding.Latin1.GetBytes($"*{table}"), mustBeSilent: false);
            replay |= !_isOpen;
        }

        return _isOpen && (!replay || _journal.TrueForAll(line => Send(line, mustBeSilent: true)));
    }

    private Coprocess Start()
    {
        string name = $"{(family == Family.Ipv6 ? "ip6tables" : "iptables")}-{(backend == Backend.Legacy ? "legacy" : "nft")}";
        Dictionary<string, string> environment = new() { ["XTABLES_LOCKFILE"] = $"{InterceptionPaths.Locks}/{name}-{table}" };
        return new Coprocess(place, environment, $"{InterceptionPaths.Programs}/{name}-restore", "--noflush", "--verbose");
    }

    private bool Commit()
    {
        _isOpen = false;
        return Send("COMMIT"u8, mustBeSilent: false);
    }

    /// <summary>Writes a line and a comment in one go; the comment's echo says that the line was taken.</summary>
    private bool Send(ReadOnlySpan<byte> line, bool mustBeSilent)
    {
        Span<byte> mark = stackalloc byte[32];
        "# "u8.CopyTo(mark);
        _ = (++_tag).TryFormat(mark[2..], out int digits, provider: CultureInfo.InvariantCulture);
        mark[2 + digits] = (byte)'\n';
        mark = mark[..(3 + digits)];
        byte[] bytes = new byte[line.Length + 1 + mark.Length];
        line.CopyTo(bytes);
        bytes[line.Length] = (byte)'\n';
        mark.CopyTo(bytes.AsSpan(line.Length + 1));
        return _process!.Write(bytes)
            && _process.ReadOutputTo(mark) is { } before
            && (before == 0 || !mustBeSilent)
            && !_process.HasErrorText();
    }
}
