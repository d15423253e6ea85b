using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>A call that came through the shim.</summary>
internal sealed unsafe class ShimConnection(Descriptor socket) : IDisposable
{
    private const int MaxText = 2046;

    internal int Number => socket.Number;

    /// <summary>Set when the shim waits for the real tool itself and will tell its status.</summary>
    internal ForwardedCall? Waiting { get; set; }

    /// <summary>Reads what is there: null if nothing is yet; empty if the caller is gone.</summary>
    internal byte[]? Receive(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            nint got = LibC.recv(socket.Number, start, buffer.Length, LibC.MSG_DONTWAIT);
            return got >= 0 ? buffer[..(int)got] : LibC.LastErrno is Errno.EAGAIN or Errno.EINTR ? null : [];
        }
    }

    /// <summary>The words of a request; none if they were too large to send.</summary>
    internal static string[] WordsOf(ReadOnlySpan<byte> request) =>
        request is [.., 0] and not [0] ? Encoding.Latin1.GetString(request[..^1]).Split('\0') : [];

    /// <summary>Process and user of the caller.</summary>
    internal (int Pid, int Uid) Peer()
    {
        int* credentials = stackalloc int[3];
        uint length = 12;
        return LibC.getsockopt(socket.Number, LibC.SOL_SOCKET, LibC.SO_PEERCRED, credentials, &length) == 0
            ? (credentials[0], credentials[1])
            : (0, -1);
    }

    internal void Exit(byte status, string text)
    {
        byte[] reply = [(byte)'X', status, .. Encoding.Latin1.GetBytes(text.Length > MaxText ? text[..MaxText] : text)];
        Send(reply);
    }

    internal void RunReal() => Send("R "u8);

    internal void RunRealAndTell() => Send("W"u8);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            _ = LibC.send(socket.Number, start, bytes.Length, LibC.MSG_NOSIGNAL); // a caller that is gone needs no reply
        }
    }
}
