using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Outbound;

/// <summary>What is done with each connect() and sendto() of the script.</summary>
/// <param name="staging">The staging namespace: only its sockets are meant.</param>
/// <param name="access">What they may reach.</param>
internal sealed class SocketSwap(NetworkNamespace staging, NetworkAccess access)
{
    private const int CloseOnExecBit = 0x80000; // O_CLOEXEC, 02000000 in fdinfo

    /// <summary>Also on loopback: nobody answers there, and staged rules could make the resolver wait for its time-out.</summary>
    private const int NameServicePort = 53;

    private IPEndPoint? _first;
    private int _refused;

    /// <summary>What was refused until now, a sentence; null if nothing was.</summary>
    internal string? Refused => _refused == 0 ? null
        : $"{_refused} connection(s) of the script were refused, the first to {_first}{(_first!.Port == NameServicePort ? " (names)" : "")}: --network none";

    /// <summary>Answers one call. The calling thread is in live: a socket that it makes is live's.</summary>
    internal void AnswerHere(CallListener listener, WatchedCall call)
    {
        bool refused = false;
        try
        {
            refused = Treat(listener, call);
        }
        catch (AtomException)
        {
            // What cannot be looked at goes on as it is, in staging.
        }

        if (refused)
        {
            listener.Fail(call, Errno.ENETUNREACH);
        }
        else
        {
            listener.Continue(call);
        }
    }

    private bool Treat(CallListener listener, WatchedCall call)
    {
        using ProcessHandle? process = ProcessHandle.TryOpenThread(call.Task);
        using Descriptor? socket = process?.TryTakeDescriptor(call.Socket);
        if (socket is null || !InternetSocket.Speaks(socket) || InternetSocket.NamespaceOf(socket) != staging.Identity)
        {
            return false;
        }

        if (access == NetworkAccess.None)
        {
            IPEndPoint? target = Target(CallListener.ReadAddress(call));
            if (target is null || (IPAddress.IsLoopback(target.Address) && target.Port != NameServicePort))
            {
                return false;
            }

            _first ??= target;
            _refused++;
            return true;
        }

        using Descriptor? made = InternetSocket.MakeHereLike(socket);
        if (made is not null)
        {
            listener.Replace(call, made, ClosesOnExec(call));
        }

        return false;
    }

    /// <summary>struct sockaddr_in { u16 family, be16 port, address } or sockaddr_in6 { u16 family, be16 port, be32 flow, address, scope }.</summary>
    private static IPEndPoint? Target(ReadOnlySpan<byte> address) => address.Length switch
    {
        >= 28 when BinaryPrimitives.ReadUInt16LittleEndian(address) == LibC.AF_INET6 =>
            new IPEndPoint(new IPAddress(address.Slice(8, 16)), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
        >= 16 when BinaryPrimitives.ReadUInt16LittleEndian(address) == LibC.AF_INET =>
            new IPEndPoint(new IPAddress(address.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
        _ => null,
    };

    /// <summary>The descriptor's own flag: a program may have made it to be inherited. The line "flags:" of /proc/TID/fdinfo/N, octal.</summary>
    private static bool ClosesOnExec(WatchedCall call)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{call.Task}/fdinfo/{call.Socket}");
        ReadOnlySpan<byte> info = KernelFile.TryRead(path) ?? [];
        int start = info.IndexOf("flags:\t"u8);
        int flags = 0;
        for (int place = start + 7; start >= 0 && place < info.Length && info[place] is >= (byte)'0' and <= (byte)'7'; place++)
        {
            flags = (flags * 8) + info[place] - '0';
        }

        return start < 0 || (flags & CloseOnExecBit) != 0;
    }
}
