namespace IptablesAtom.Load;

/// <summary>
/// Packets on their way while a firewall changes: every one that old and new firewall agree about, and that met something else, is counted.
/// </summary>
/// <example><code>
/// using LoadNetwork network = new();
/// using PacketLoad load = PacketLoad.Start(network, [.. PacketClass.Both("open", 1000, Expectation.Accepted)]);
/// ... change the firewall of network.Firewall ...
/// LoadResult result = load.Stop();
/// </code></example>
public sealed class PacketLoad : IDisposable
{
    /// <summary>The rate that the project's claims are made for.</summary>
    public const int DefaultRate = 20_000;

    private readonly IReadOnlyList<PacketClass> _classes;
    private readonly Receiver _receiver;
    private readonly Sender _sender;
    private LoadResult? _result;

    private PacketLoad(LoadNetwork network, IReadOnlyList<PacketClass> classes, int packetsPerSecond)
    {
        _classes = classes;
        _receiver = new Receiver(network, classes);
        _sender = new Sender(network, classes, packetsPerSecond);
    }

    /// <summary>Begins to send. The firewall must already be the old one.</summary>
    /// <param name="network">Where.</param>
    /// <param name="classes">What, round robin.</param>
    /// <param name="packetsPerSecond">All classes together.</param>
    public static PacketLoad Start(LoadNetwork network, IReadOnlyList<PacketClass> classes, int packetsPerSecond = DefaultRate)
    {
        PacketLoad load = new(network, classes, packetsPerSecond);
        load._receiver.Start();
        load._sender.Start();
        return load;
    }

    /// <summary>Stops sending, waits for the last packets, and counts.</summary>
    public LoadResult Stop()
    {
        if (_result is null)
        {
            _sender.Stop();
            _receiver.Stop();
            _result = new LoadResult([.. _classes.Select(Count)], _sender.Duration);
        }

        return _result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _sender.Dispose();
        _receiver.Dispose();
    }

    private ClassResult Count(PacketClass kind, int index)
    {
        long received = 0;
        List<TimeSpan> wrong = [];
        for (long round = 0; round < _sender.Rounds; round++)
        {
            bool arrived = _receiver.Saw(index, round);
            received += arrived ? 1 : 0;
            if (kind.Expectation == (arrived ? Expectation.Dropped : Expectation.Accepted))
            {
                wrong.Add(_sender.TimeOf(round));
            }
        }

        return new ClassResult(kind, _sender.Rounds, received, wrong);
    }
}
