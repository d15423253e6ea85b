using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Staging.Interception;

/// <summary>The thread that answers the calls of the shims and of the shell functions, one after another.</summary>
internal sealed unsafe class InterceptionServer : IDisposable
{
    /// <summary>After this silence everything that waits is committed, for readers that do not come through here (milliseconds).</summary>
    private const int IdleTime = 20;

    private const int RequestSize = 256 * 1024;

    /// <summary>Successful calls that add a rule, none failed, after which the shell may go ahead: a small script gains nothing by it.</summary>
    private const int CallsBeforeGoingAhead = 64;

    /// <summary>
    /// Shims that go ahead need no answer, so this thread sleeps after each look for what they left (milliseconds): else every call would have to wake it.
    /// A unix socket takes at least ten (net.unix.max_dgram_qlen), which is more than one process starts meanwhile.
    /// </summary>
    private const int AheadPause = 1;

    /// <summary>What is polled besides the connections.</summary>
    private const int FixedPolls = 4;

    private readonly Interceptor? _interceptor;
    private readonly Descriptor _listener;
    private readonly FunctionChannel _functions;
    private readonly AheadSocket? _ahead;
    private readonly Lazy<bool> _shimTellsStatus;
    private readonly HostCallWatch _hostCalls;
    private readonly Descriptor _stopReader;
    private readonly Descriptor _stopWriter;
    private readonly Thread _thread;
    private readonly byte[] _request = new byte[RequestSize];
    private readonly List<ShimConnection> _connections = [];
    private readonly List<ForwardedCall> _forwarded = [];
    private List<CallRecord> _records = [];
    private AtomException? _failure;
    private int _idleTime = IdleTime;
    private bool _hasFailedRule;
    private bool _functionsGoAhead;
    private bool _hasTakenAhead;

    /// <summary>Starts answering.</summary>
    /// <param name="interceptor">What decides; null: every call goes to the real tool.</param>
    /// <param name="listener">Opened in staging.</param>
    /// <param name="functions">Opened in staging.</param>
    /// <param name="ahead">For calls through the shim that need no answer; null if all calls, those of functions too, have to wait for it.</param>
    /// <param name="shimTellsStatus">True if the kernel keeps no exit status for a pidfd, so that the shim has to wait for the tool.</param>
    /// <param name="hostCalls">Decides about calls that are none of a firewall tool.</param>
    internal InterceptionServer(
        Interceptor? interceptor, Descriptor listener, FunctionChannel functions, AheadSocket? ahead, Lazy<bool> shimTellsStatus, HostCallWatch hostCalls)
    {
        (_interceptor, _listener, _functions, _ahead, _shimTellsStatus, _hostCalls) = (interceptor, listener, functions, ahead, shimTellsStatus, hostCalls);
        (_stopReader, _stopWriter) = Spawn.Pipe();
        _thread = new Thread(Serve) { IsBackground = true, Name = "interception" };
        _thread.Start();
    }

    /// <summary>
    /// True if a caller that has waited may go ahead from now on. By functions or by shims, not both: between a FIFO and a socket the order of calls that nobody
    /// waits for would be lost. The shell that functions are given to keeps them.
    /// </summary>
    private bool MayBeginAhead => _ahead is not null && !_functionsGoAhead && !_hasFailedRule;

    /// <summary>Number of calls so far.</summary>
    internal int CallCount { get; private set; }

    /// <summary>Those of them that add a rule.</summary>
    internal int RuleCount { get; private set; }

    /// <summary>Answers what has come in, commits everything and stops. No process of the script may be left.</summary>
    /// <returns>The calls, in order.</returns>
    internal IReadOnlyList<CallRecord> Finish()
    {
        byte stop = 0;
        _ = LibC.write(_stopWriter.Number, &stop, 1);
        _thread.Join();
        IReadOnlyList<CallRecord> records = _records;
        _records = [];
        _interceptor?.Forget();
        return _failure is { } failure ? throw failure : records;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            byte stop = 0;
            _ = LibC.write(_stopWriter.Number, &stop, 1);
            _thread.Join();
        }

        _listener.Dispose();
        _functions.Dispose();
        _ahead?.Dispose();
        _stopReader.Dispose();
        _stopWriter.Dispose();
        _interceptor?.Dispose();
        _connections.ForEach(connection => connection.Dispose());
        _forwarded.ForEach(call => call.Dispose());
    }

    private void Serve()
    {
        try
        {
            while (Turn())
            {
            }

            Commit();
            _forwarded.ForEach(call => call.Look());
        }
        catch (AtomException failure)
        {
            _failure = failure;
        }
        finally
        {
            _listener.Dispose(); // a call that comes now runs the real tool
        }
    }

    /// <summary>Waits for something and does it; false when it is time to stop.</summary>
    private bool Turn()
    {
        int count = FixedPolls + _connections.Count;
        Span<LibC.PollFd> polled = count <= 64 ? stackalloc LibC.PollFd[count] : new LibC.PollFd[count];
        polled[0] = new LibC.PollFd { Fd = _ahead?.Number ?? -1, Events = LibC.POLLIN };
        polled[1] = new LibC.PollFd { Fd = _listener.Number, Events = LibC.POLLIN };
        polled[2] = new LibC.PollFd { Fd = _functions.Number, Events = LibC.POLLIN };
        polled[3] = new LibC.PollFd { Fd = _stopReader.Number, Events = LibC.POLLIN };
        for (int i = 0; i < _connections.Count; i++)
        {
            polled[FixedPolls + i] = new LibC.PollFd { Fd = _connections[i].Number, Events = LibC.POLLIN };
        }

        int ready = Wait(polled);
        if (ready == 0)
        {
            Commit();
            return true;
        }

        if (ready < 0)
        {
            return LibC.LastErrno == Errno.EINTR ? true : throw new LinuxException("poll", LibC.LastErrno);
        }

        TakeAhead(); // in the pause it is not polled

        // First: what a shell sent before it started a program that calls too.
        while (polled[2].Revents != 0)
        {
            _functions.Receive().ForEach(Answer);
            _ = Poll(polled.Slice(2, 1), 0);
        }

        foreach (ShimConnection connection in _connections.ToArray())
        {
            int at = FixedPolls + _connections.IndexOf(connection);
            if (at < count && polled[at].Fd == connection.Number && polled[at].Revents != 0)
            {
                Read(connection);
            }
        }

        if (polled[1].Revents != 0)
        {
            Accept();
        }

        return ready > 1 || polled[3].Revents == 0;
    }

    /// <summary>Polls until something comes; 0: a while of silence, with something to be committed.</summary>
    private int Wait(Span<LibC.PollFd> polled)
    {
        if (_hasTakenAhead)
        {
            _hasTakenAhead = false;
            if (Poll(polled[1..], AheadPause) is not 0 and int other)
            {
                return other;
            }
        }

        if (_interceptor is not { HasPending: true })
        {
            return Poll(polled, -1);
        }

        if (Poll(polled, 0) is not 0 and int ready)
        {
            return ready;
        }

        _interceptor.Push();
        return Poll(polled, _idleTime);
    }

    private static int Poll(Span<LibC.PollFd> polled, int milliseconds)
    {
        fixed (LibC.PollFd* start = polled)
        {
            return LibC.poll(start, (nuint)polled.Length, milliseconds);
        }
    }

    /// <summary>Commits what waits. The larger the table, the longer the next silence must be: the cost stays a small part.</summary>
    private void Commit()
    {
        if (_failure is null && _interceptor is { HasPending: true })
        {
            long before = Environment.TickCount64;
            try
            {
                _interceptor.FlushAll();
            }
            catch (AtomException failure)
            {
                _failure = failure;
            }

            _idleTime = Math.Max(IdleTime, 2 * (int)(Environment.TickCount64 - before));
        }
    }

    private void Accept()
    {
        int fd = LibC.accept4(_listener.Number, null, null, LibC.SOCK_CLOEXEC);
        if (fd >= 0)
        {
            ShimConnection connection = new(new Descriptor(fd));
            _connections.Add(connection);
            Read(connection); // most often the request is there already
        }
    }

    private void Read(ShimConnection connection)
    {
        if (connection.Receive(_request) is not { } bytes)
        {
            return;
        }

        if (connection.Waiting is { } waiting)
        {
            if (bytes.Length == 4)
            {
                waiting.End(new ExitStatus(BitConverter.ToInt32(bytes)).ShellCode);
            }
            else
            {
                waiting.Abandon();
            }
        }
        else if (bytes.Length > 0)
        {
            Answer(connection, ShimConnection.WordsOf(bytes));
            if (connection.Waiting is not null)
            {
                return;
            }
        }

        _connections.Remove(connection);
        connection.Dispose();
    }

    private void Answer(ShimConnection connection, string[] words)
    {
        TakeAhead();
        (int pid, int uid) = connection.Peer();
        if (_hostCalls.Meet(words, pid, uid) is { } reply)
        {
            Answer(connection, reply, pid);
            return;
        }

        CallRecord record = Record(words, "", 0);
        _hostCalls.MeetSave(record, pid);
        record.InputFile = words is [var tool, ..] && RestoreText.IsRestore(tool) ? RestoreInput(words, pid) : null;
        Answer answer = uid == 0 ? Decide(words) : Decide([]);
        if (!answer.IsForward)
        {
            record.Status = answer.Status;
            record.WasBatched = true;
            if (MayBeginAhead && record.AddsRule && RuleCount % CallsBeforeGoingAhead == 0) // now and then: it looks who the caller's parent is
            {
                _ahead!.OpenFor(pid);
                TakeAhead();
            }

            connection.Exit(answer.Status, answer.Text);
            return;
        }

        if (answer.IsMutating && _shimTellsStatus.Value)
        {
            record.IsMessageDiscarded = CallerFiles.DiscardsMessages(pid);
            connection.Waiting = new ForwardedCall(record, isMutating: true, null);
            _forwarded.Add(connection.Waiting);
            connection.RunRealAndTell();
            return;
        }

        record.IsMessageDiscarded = CallerFiles.DiscardsMessages(pid);
        if (ForwardedCall.OpenProcess(pid) is { } process)
        {
            _forwarded.Add(new ForwardedCall(record, answer.IsMutating, process));
        }

        connection.RunReal();
    }

    /// <summary>The file of rules: the last word if it is one, else standard input.</summary>
    private static string? RestoreInput(string[] words, int pid)
    {
        string last = Path.Combine(CallerFiles.Target(pid, "cwd") ?? "/", words[^1]);
        return words.Length > 1 && !words[^1].StartsWith('-') && File.Exists(last) ? last : CallerFiles.RegularFile(pid, 0);
    }

    /// <summary>A call that is none of a firewall tool changes nothing that is batched: nothing waits for it.</summary>
    private void Answer(ShimConnection connection, HostReply reply, int pid)
    {
        if (!reply.Runs)
        {
            connection.Exit(reply.Status, reply.Text);
        }
        else if (reply.Call is { } call && _shimTellsStatus.Value)
        {
            connection.Waiting = new ForwardedCall(call.Record, isMutating: false, null);
            _forwarded.Add(connection.Waiting);
            connection.RunRealAndTell();
        }
        else
        {
            if (reply.Call is { } listed && ForwardedCall.OpenProcess(pid) is { } process)
            {
                _forwarded.Add(new ForwardedCall(listed.Record, isMutating: false, process));
            }

            connection.RunReal();
        }
    }

    private void Answer(FunctionRequest request)
    {
        TakeAhead();
        if (request.Words.Length == 0)
        {
            if (request.Call < _records.Count)
            {
                End(_records[request.Call], request);
            }

            return;
        }

        int number = _records.Count;
        CallRecord record = Record(request.Words, request.File, request.Line);
        if (request.GoesAhead)
        {
            TakeAhead(record, request.Words);
            return;
        }

        _hostCalls.MeetSave(record, request.Process);
        Answer answer = Decide(request.Words);
        if (answer.IsForward)
        {
            _forwarded.Add(new ForwardedCall(record, answer.IsMutating, null));
            _functions.RunReal(number, answer.IsMutating);
            return;
        }

        record.Status = answer.Status;
        record.WasBatched = true;
        if (answer.Status == 0)
        {
            if (MayBeginAhead && RuleCount >= CallsBeforeGoingAhead)
            {
                _functionsGoAhead = true;
                _ahead!.Close();
                TakeAhead();
            }

            _functions.Done(_functionsGoAhead);
        }
        else
        {
            _functions.Exit(number, answer.Status, answer.Text);
        }
    }

    /// <summary>The calls that shims have left: before any call that may have come after them.</summary>
    private void TakeAhead()
    {
        while (_ahead?.Receive(_request) is { } words)
        {
            _hasTakenAhead = true;
            TakeAhead(Record(words, "", 0), words);
        }
    }

    /// <summary>
    /// The call of a shell that went ahead. What is not batched the real tool does, here; if it does anything but succeed in silence, the shell should
    /// have waited, and the result is void. Then nothing more is done: nobody waits for it.
    /// </summary>
    private void TakeAhead(CallRecord record, string[] words)
    {
        if (_failure is not null)
        {
            return;
        }

        Answer answer = Decide(words);
        (record.Status, record.WasBatched) = (0, !answer.IsForward);
        if (_failure is null && (answer.IsForward || answer.Status != 0) && !_interceptor!.RunReal(words))
        {
            _failure = new DivergenceException(record);
        }
    }

    private void End(CallRecord record, FunctionRequest request)
    {
        _hasFailedRule |= request.Status != 0 && record.AddsRule;
        record.Status = request.Status;
        record.IsHandled = request.Status == 0 || request.IsMessageDiscarded ? null : request.IsHandled;
        record.IsMessageDiscarded = request.IsMessageDiscarded;
        _forwarded.Find(call => call.Record == record)?.End(request.Status);
    }

    private CallRecord Record(string[] words, string file, int line)
    {
        CallRecord record = new(words, file, line);
        _records.Add(record);
        CallCount = _records.Count;
        RuleCount += record.AddsRule ? 1 : 0;
        return record;
    }

    private Answer Decide(IReadOnlyList<string> words)
    {
        bool isBusy = false;
        for (int i = _forwarded.Count - 1; i >= 0; i--)
        {
            ForwardedCall call = _forwarded[i];
            call.Look();
            isBusy |= call.IsBusy;
            if (call.IsOver)
            {
                _hasFailedRule |= call.Record is { AddsRule: true, Status: > 0 };
                call.Dispose();
                _forwarded.RemoveAt(i);
            }
        }

        if (_failure is not null || _interceptor is null)
        {
            return Interception.Answer.Change;
        }

        try
        {
            return _interceptor.Decide(words, isBusy);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The result is void; the script goes on with the real tools to its end, and nobody waits for an answer for ever.
            _failure = failure as AtomException ?? new DivergenceException("this script", failure);
            return Interception.Answer.Change;
        }
    }
}
