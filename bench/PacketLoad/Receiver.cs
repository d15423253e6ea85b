using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Load;

/// <summary>Notes which packets arrived, by their numbers.</summary>
internal sealed unsafe class Receiver : IDisposable
{
    private const int Batch = 64;
    private const int QuietMilliseconds = 200;

    private readonly List<Descriptor> _sockets = [];
    private readonly Thread _thread;
    private readonly byte[][] _seen;
    private volatile bool _stop;

    internal Receiver(LoadNetwork network, IReadOnlyList<PacketClass> classes)
    {
        _seen = [.. classes.Select(_ => new byte[1024])];
        foreach (PacketClass kind in classes)
        {
            _sockets.Add(UdpSocket.Open(network.ReceiverOf(kind), LoadNetwork.AddressOf(kind), kind.Port));
        }

        _thread = new Thread(Loop) { Name = "packet receiver" };
    }

    internal void Start() => _thread.Start();

    /// <summary>Ends when nothing has arrived for a moment: the sender must have stopped before.</summary>
    internal void Stop()
    {
        _stop = true;
        _thread.Join();
    }

    /// <summary>True if the packet of that class and round arrived.</summary>
    internal bool Saw(int kind, long round) => round / 8 < _seen[kind].Length && (_seen[kind][round / 8] >> (int)(round % 8) & 1) != 0;

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private void Loop()
    {
        LibC.PollFd* polled = stackalloc LibC.PollFd[_sockets.Count];
        for (int i = 0; i < _sockets.Count; i++)
        {
            polled[i] = new LibC.PollFd { Fd = _sockets[i].Number, Events = LibC.POLLIN };
        }

        ulong* payloads = stackalloc ulong[Batch];
        LoadCalls.IoVector* vectors = stackalloc LoadCalls.IoVector[Batch];
        LoadCalls.MultiMessage* messages = stackalloc LoadCalls.MultiMessage[Batch];
        for (int i = 0; i < Batch; i++)
        {
            vectors[i] = new LoadCalls.IoVector { Base = (byte*)(payloads + i), Length = Sender.PayloadSize };
            messages[i] = new LoadCalls.MultiMessage { Vectors = vectors + i, VectorCount = 1 };
        }

        while (LibC.poll(polled, (nuint)_sockets.Count, QuietMilliseconds) != 0 || !_stop)
        {
            for (int i = 0; i < _sockets.Count; i++)
            {
                if (polled[i].Revents != 0)
                {
                    int count = LoadCalls.recvmmsg(polled[i].Fd, messages, Batch, LibC.MSG_DONTWAIT, null);
                    for (int j = 0; j < count; j++)
                    {
                        Note(payloads[j]);
                    }
                }
            }

            // Waking for each packet would cost the firewall under test a core: let some gather.
            LoadCalls.TimeSpec pause = new() { Nanoseconds = 2_000_000 };
            LoadCalls.nanosleep(&pause, null);
        }
    }

    private void Note(ulong number)
    {
        int kind = (int)(number % (ulong)_seen.Length);
        int round = (int)(number / (ulong)_seen.Length);
        if (round / 8 >= _seen[kind].Length)
        {
            Array.Resize(ref _seen[kind], Math.Max(_seen[kind].Length * 2, round / 8 + 1));
        }

        _seen[kind][round / 8] |= (byte)(1 << round % 8);
    }
}
