using System.Net.Sockets;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Outbound;

/// <summary>A socket in staging, and a thread in live that answers what comes in there, one question after another.</summary>
internal sealed class AnsweringSocket : IDisposable
{
    private const int PollMicroseconds = 100_000;
    private readonly Socket _socket;
    private readonly Thread _thread;
    private volatile bool _ended;

    /// <summary>Begins.</summary>
    /// <param name="socket">Bound, and listening if it takes connections; owned.</param>
    /// <param name="live">Where the thread is.</param>
    /// <param name="answer">Is called when something waits at the socket.</param>
    internal AnsweringSocket(Socket socket, NetworkNamespace live, Action<Socket> answer)
    {
        _socket = socket;
        _thread = NamespaceThread.Start(live, "names", () =>
        {
            while (!_ended)
            {
                try
                {
                    if (_socket.Poll(PollMicroseconds, SelectMode.SelectRead))
                    {
                        answer(_socket);
                    }
                }
                catch (SocketException)
                {
                    // That question stays without an answer; whoever asked asks again.
                }
            }
        });
    }

    /// <summary>Fills a buffer; false when the other side ends the connection before.</summary>
    internal static bool TryFill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int received = socket.Receive(buffer);
            if (received == 0)
            {
                return false;
            }

            buffer = buffer[received..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _socket.Dispose();
    }
}
