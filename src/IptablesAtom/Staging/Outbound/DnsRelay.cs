using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Outbound;

/// <summary>Resolves names for the script where its own connections cannot be taken out: a name server on staging's loopback that asks live's.</summary>
/// <remarks>
/// <para>The listening sockets belong to staging, those that ask to live; the script's /etc/resolv.conf names 127.0.0.1. Rules of the script
/// that drop what goes over loopback stop it: nothing can exempt a packet from a later drop.</para>
/// <para>Threading: one thread for datagrams and one for connections, both in live (<see cref="AnsweringSocket"/>).</para>
/// </remarks>
internal sealed class DnsRelay : IDisposable
{
    private const int Port = 53;
    private const int AnswerMilliseconds = 3000;
    private const string ResolverFile = "/etc/resolv.conf";
    private readonly AnsweringSocket _datagrams;
    private readonly AnsweringSocket _connections;
    private readonly IReadOnlyList<IPAddress> _servers;

    private DnsRelay(Socket datagrams, Socket connections, NetworkNamespace live, IReadOnlyList<IPAddress> servers)
    {
        _servers = servers;
        _datagrams = new AnsweringSocket(datagrams, live, RelayDatagram);
        _connections = new AnsweringSocket(connections, live, RelayConnection);
    }

    /// <summary>Begins to serve a script that does not run yet.</summary>
    /// <param name="staging">Where the script will run.</param>
    /// <param name="live">From where the name servers are asked.</param>
    /// <param name="servers">The name servers.</param>
    internal static DnsRelay Start(StagingNamespace staging, NetworkNamespace live, IReadOnlyList<IPAddress> servers)
    {
        Socket datagrams = Open(staging.Network, LibC.SOCK_DGRAM);
        Socket connections = Open(staging.Network, LibC.SOCK_STREAM);
        connections.Listen(16);
        string text = "nameserver 127.0.0.1\n" + string.Concat(Lines().Where(line => !line.StartsWith("nameserver", StringComparison.Ordinal)).Select(line => line + "\n"));
        staging.RunInside(() => PrivateMounts.Cover(ResolverFile, Encoding.UTF8.GetBytes(text)));
        return new DnsRelay(datagrams, connections, live, servers);
    }

    /// <summary>The host's name servers; the resolver's default where none is named (resolv.conf(5)).</summary>
    internal static IReadOnlyList<IPAddress> HostServers()
    {
        IPAddress[] named = [.. Lines()
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", ..] && words.Length > 1 && IPAddress.TryParse(words[1], out _))
            .Select(words => IPAddress.Parse(words[1]))];
        return named.Length > 0 ? named : [IPAddress.Loopback];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _datagrams.Dispose();
        _connections.Dispose();
    }

    private static string[] Lines() => File.Exists(ResolverFile) ? File.ReadAllLines(ResolverFile) : [];

    private static Socket Open(NetworkNamespace staging, int type)
    {
        int number = staging.Run(() => LibC.Check(LibC.socket(LibC.AF_INET, type | LibC.SOCK_CLOEXEC, 0)));
        Socket socket = new(new SafeSocketHandle(number, ownsHandle: true));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        return socket;
    }

    private void RelayDatagram(Socket datagrams)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        EndPoint client = new IPEndPoint(IPAddress.Any, 0);
        int length = datagrams.ReceiveFrom(buffer, ref client);
        foreach (IPAddress server in _servers)
        {
            using Socket upstream = Connect(server, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                upstream.Send(buffer.AsSpan(0, length));
                byte[] reply = new byte[ushort.MaxValue];
                datagrams.SendTo(reply.AsSpan(0, upstream.Receive(reply)), client);
                return;
            }
            catch (SocketException)
            {
                // The next server is asked.
            }
        }
    }

    /// <summary>Each message after its length (RFC 1035, 4.2.2), until the client ends the connection.</summary>
    private void RelayConnection(Socket connections)
    {
        using Socket client = connections.Accept();
        client.ReceiveTimeout = AnswerMilliseconds;
        using Socket upstream = Connect(_servers[0], SocketType.Stream, ProtocolType.Tcp);
        while (Receive(client) is { } question)
        {
            upstream.Send(question);
            client.Send(Receive(upstream) ?? throw new SocketException((int)SocketError.ConnectionReset));
        }
    }

    /// <summary>One message with its length; null when the other side has ended the connection.</summary>
    private static byte[]? Receive(Socket socket)
    {
        byte[] length = new byte[2];
        if (!AnsweringSocket.TryFill(socket, length))
        {
            return null;
        }

        byte[] content = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return AnsweringSocket.TryFill(socket, content) ? [.. length, .. content] : null;
    }

    private static Socket Connect(IPAddress server, SocketType type, ProtocolType protocol)
    {
        Socket socket = new(server.AddressFamily, type, protocol) { ReceiveTimeout = AnswerMilliseconds, SendTimeout = AnswerMilliseconds };
        socket.Connect(server, Port);
        return socket;
    }
}
