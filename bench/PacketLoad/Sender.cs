using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Load;

/// <summary>
/// Sends packet after packet, round robin over the classes, at a fixed rate: packet number n is of class n modulo their count, and its
/// payload is n.
/// </summary>
internal sealed unsafe class Sender : IDisposable
{
    internal const int PayloadSize = 8;
    private const int TickNanoseconds = 400_000;
    private const int MaximumRounds = 32; // a burst must fit into the kernel's backlog of 1,000 packets

    private readonly List<Lane> _lanes = [];
    private readonly List<(long First, TimeSpan At)> _ticks = [];
    private readonly int _classes;
    private readonly int _rate;
    private readonly Thread _thread;
    private volatile bool _stop;
    private Exception? _failure;

    internal Sender(LoadNetwork network, IReadOnlyList<PacketClass> classes, int packetsPerSecond)
    {
        _classes = classes.Count;
        _rate = packetsPerSecond;
        foreach (var group in classes.Select((kind, index) => (kind, index)).GroupBy(item => (item.kind.IsIpv6, item.kind.Source)))
        {
            Descriptor socket = UdpSocket.Open(network.Client, LoadNetwork.SourceOf(group.First().kind), 0);
            _lanes.Add(new Lane(socket, [.. group]));
        }

        _thread = new Thread(Loop) { Name = "packet sender" };
    }

    /// <summary>How many packets were sent to every class; valid after <see cref="Stop"/>.</summary>
    internal long Rounds { get; private set; }

    internal TimeSpan Duration { get; private set; }

    internal void Start() => _thread.Start();

    internal void Stop()
    {
        _stop = true;
        _thread.Join();
        if (_failure is not null)
        {
            throw new InvalidOperationException("the packet sender failed", _failure);
        }
    }

    /// <summary>When round <paramref name="round"/> was sent.</summary>
    internal TimeSpan TimeOf(long round)
    {
        int index = _ticks.BinarySearch((round, TimeSpan.MaxValue));
        return _ticks[Math.Max(~index - 1, 0)].At;
    }

    public void Dispose() => _lanes.ForEach(lane => lane.Dispose());

    private void Loop()
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            double roundsPerSecond = (double)_rate / _classes;
            double due = 1;
            TimeSpan before = TimeSpan.Zero;
            LoadCalls.TimeSpec tick = new() { Nanoseconds = TickNanoseconds };
            while (!_stop)
            {
                TimeSpan now = Stopwatch.GetElapsedTime(start);
                // A stall of this thread is not made up for by a burst: it would overflow the backlog, and look like wrong drops.
                due = Math.Min(due + (now - before).TotalSeconds * roundsPerSecond, MaximumRounds);
                before = now;
                int rounds = (int)due;
                if (rounds > 0)
                {
                    due -= rounds;
                    _ticks.Add((Rounds, now));
                    _lanes.ForEach(lane => lane.Send(Rounds, rounds, _classes));
                    Rounds += rounds;
                }

                LoadCalls.nanosleep(&tick, null);
            }

            Duration = Stopwatch.GetElapsedTime(start);
        }
        catch (LinuxException exception)
        {
            _failure = exception;
        }
    }

    /// <summary>The classes of one source address, sent by one call.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly Descriptor _socket;
        private readonly int[] _indexes;
        private readonly LoadCalls.MultiMessage* _messages;
        private readonly LoadCalls.IoVector* _vectors;
        private readonly byte* _names;
        private readonly ulong* _payloads;

        internal Lane(Descriptor socket, (PacketClass Kind, int Index)[] classes)
        {
            _socket = socket;
            _indexes = [.. classes.Select(item => item.Index)];
            nuint count = (nuint)(classes.Length * MaximumRounds);
            _messages = (LoadCalls.MultiMessage*)NativeMemory.AllocZeroed(count, (nuint)sizeof(LoadCalls.MultiMessage));
            _vectors = (LoadCalls.IoVector*)NativeMemory.AllocZeroed(count, (nuint)sizeof(LoadCalls.IoVector));
            _payloads = (ulong*)NativeMemory.AllocZeroed(count, sizeof(ulong));
            _names = (byte*)NativeMemory.AllocZeroed((nuint)classes.Length, SocketAddress.MaximumSize);
            for (int i = 0; i < (int)count; i++)
            {
                int which = i % classes.Length;
                IPAddress address = LoadNetwork.AddressOf(classes[which].Kind);
                byte* name = _names + which * SocketAddress.MaximumSize;
                SocketAddress.Write(new Span<byte>(name, SocketAddress.MaximumSize), address, classes[which].Kind.Port);
                _vectors[i] = new LoadCalls.IoVector { Base = (byte*)(_payloads + i), Length = PayloadSize };
                _messages[i] = new LoadCalls.MultiMessage
                {
                    Name = name,
                    NameLength = (uint)SocketAddress.SizeOf(address),
                    Vectors = _vectors + i,
                    VectorCount = 1,
                };
            }
        }

        internal void Send(long firstRound, int rounds, int classes)
        {
            int count = rounds * _indexes.Length;
            for (int i = 0; i < count; i++)
            {
                _payloads[i] = (ulong)((firstRound + i / _indexes.Length) * classes + _indexes[i % _indexes.Length]);
            }

            for (int sent = 0; sent < count;)
            {
                sent += LibC.Check(LoadCalls.sendmmsg(_socket.Number, _messages + sent, (uint)(count - sent), 0));
            }
        }

        public void Dispose()
        {
            _socket.Dispose();
            NativeMemory.Free(_messages);
            NativeMemory.Free(_vectors);
            NativeMemory.Free(_payloads);
            NativeMemory.Free(_names);
        }
    }
}
