using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IptablesAtom.Load;

/// <summary>struct sockaddr_in and sockaddr_in6 as bytes.</summary>
internal static class SocketAddress
{
    internal const int MaximumSize = 28;

    internal static int SizeOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 28 : 16;

    internal static void Write(Span<byte> target, IPAddress address, int port)
    {
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        target[..SizeOf(address)].Clear();
        BitConverter.TryWriteBytes(target, (ushort)(v6 ? 10 : 2));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        address.TryWriteBytes(target[(v6 ? 8 : 4)..], out _);
    }
}
