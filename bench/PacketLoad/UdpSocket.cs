using System.Net;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Load;

/// <summary>Opens UDP sockets inside namespaces.</summary>
internal static unsafe class UdpSocket
{
    /// <summary>A bound socket with room for seconds of packets, so that a receiver that is not scheduled loses none.</summary>
    internal static Descriptor Open(NetworkNamespace target, IPAddress address, int port) => target.Run(() =>
    {
        int size = SocketAddress.SizeOf(address);
        int family = size == 16 ? LibC.AF_INET : LibC.AF_INET6;
        Descriptor socket = new(LibC.Check(LibC.socket(family, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0)));
        int buffer = 32 << 20;
        LibC.Check(LibC.setsockopt(socket.Number, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, &buffer, sizeof(int)));
        if (family == LibC.AF_INET6)
        {
            int on = 1;
            LibC.Check(LibC.setsockopt(socket.Number, LoadCalls.IPPROTO_IPV6, LoadCalls.IPV6_V6ONLY, &on, sizeof(int)));
        }

        byte* name = stackalloc byte[SocketAddress.MaximumSize];
        SocketAddress.Write(new Span<byte>(name, SocketAddress.MaximumSize), address, port);
        LibC.Check(LibC.bind(socket.Number, name, (uint)size));
        return socket;
    });
}
