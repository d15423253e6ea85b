using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Outbound;

/// <summary>Answers for the host's names at the socket where glibc asks the name service cache daemon (nscd) before it asks name servers.</summary>
/// <remarks>
/// <para>A path leads out of every network namespace, so no rule of the script stops it. The answers are those of this program's own resolver in live.
/// Programs that are static or use another C library do not ask here.</para>
/// <para>The protocol is that of glibc's nscd-client.h, version 2, in the machine's byte order. Whatever else is asked (users, groups, a shared
/// cache, names of addresses), and a name for which no server could be asked, gets no answer: glibc then looks itself.</para>
/// </remarks>
internal static unsafe class NameSocket
{
    private const string Directory = "/var/run/nscd"; // _PATH_NSCDSOCKET is a name in it
    private const int ProtocolVersion = 2; // NSCD_VERSION
    private const int NotFound = 1; // HOST_NOT_FOUND of netdb.h
    private const int RequestHeader = 12;
    private const int LongestName = 1025; // NI_MAXHOST
    private const int Milliseconds = 1000;

    /// <summary>request_type of nscd-client.h.</summary>
    private enum Question
    {
        HostByName = 4, // GETHOSTBYNAME
        HostByNameV6 = 5, // GETHOSTBYNAMEv6
        Addresses = 14, // GETAI
    }

    /// <summary>Begins to serve a script that does not run yet.</summary>
    internal static AnsweringSocket Start(StagingNamespace staging, NetworkNamespace live)
    {
        staging.CoverDirectory(Directory);
        return new AnsweringSocket(staging.RunInside(Open), live, Answer);
    }

    /// <summary>By libc: a socket that .NET binds to a path removes that path at its end, as it sees it: a real nscd's.</summary>
    private static Socket Open()
    {
        string path = $"{Directory}/socket";
        Descriptor socket = new(LibC.Check(LibC.socket(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC, 0)));
        byte[] address = [LibC.AF_UNIX, 0, .. Encoding.ASCII.GetBytes(path), 0]; // struct sockaddr_un
        _ = LibC.umask(0); // of this thread alone, which has left CLONE_FS: every user of the script may ask
        fixed (byte* start = address)
        {
            LibC.Check(LibC.bind(socket.Number, start, (uint)address.Length));
        }

        LibC.Check(LibC.listen(socket.Number, 16));
        int number = socket.Number;
        socket.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(number, ownsHandle: true));
    }

    private static void Answer(Socket socket)
    {
        using Socket client = socket.Accept();
        (client.ReceiveTimeout, client.SendTimeout) = (Milliseconds, Milliseconds);
        Span<byte> header = stackalloc byte[RequestHeader]; // int version, type, length of the key
        if (!AnsweringSocket.TryFill(client, header))
        {
            return;
        }

        ReadOnlySpan<int> request = MemoryMarshal.Cast<byte, int>(header);
        byte[] key = new byte[Math.Clamp(request[2], 0, LongestName)];
        if (request[0] == ProtocolVersion && AnsweringSocket.TryFill(client, key) && key is [.., 0] && Reply((Question)request[1], key) is { } reply)
        {
            client.Send(reply);
        }
    }

    /// <summary>The reply to a question; null where glibc shall look itself.</summary>
    private static byte[]? Reply(Question question, byte[] name) => question switch
    {
        Question.Addresses => NameLookup.Of(name, 0) is { } found ? AddressReply(found) : null,
        Question.HostByName => NameLookup.Of(name, LibC.AF_INET) is { } found ? HostReply(found, LibC.AF_INET, 4) : null,
        Question.HostByNameV6 => NameLookup.Of(name, LibC.AF_INET6) is { } found ? HostReply(found, LibC.AF_INET6, 16) : null,
        _ => null,
    };

    /// <summary>ai_response_header: int version, found, addresses, their bytes, bytes of the name, error; then addresses, a byte of family for each, the name.</summary>
    private static byte[] AddressReply(NameLookup found)
    {
        byte[] addresses = [.. found.Addresses.SelectMany(address => address)];
        byte[] families = [.. found.Addresses.Select(address => (byte)(address.Length == 4 ? LibC.AF_INET : LibC.AF_INET6))];
        return families is []
            ? Numbers(ProtocolVersion, 0, 0, 0, 0, NotFound)
            : [.. Numbers(ProtocolVersion, 1, families.Length, addresses.Length, found.Name.Length, 0), .. addresses, .. families, .. found.Name];
    }

    /// <summary>hst_response_header: int version, found, bytes of the name, aliases, family, bytes of an address, addresses, error; then the name, the addresses.</summary>
    private static byte[] HostReply(NameLookup found, int family, int size) => found.Addresses is []
        ? Numbers(ProtocolVersion, 0, 0, 0, 0, 0, 0, NotFound)
        : [.. Numbers(ProtocolVersion, 1, found.Name.Length, 0, family, size, found.Addresses.Count, 0), .. found.Name, .. found.Addresses.SelectMany(address => address)];

    private static byte[] Numbers(params ReadOnlySpan<int> numbers) => MemoryMarshal.AsBytes(numbers).ToArray();
}
