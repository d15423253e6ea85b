namespace IptablesAtom.Netlink.Linux;

/// <summary>The loopback interface of the calling thread's network namespace, which is down when the namespace is made.</summary>
internal static unsafe class Loopback
{
    /// <summary>Takes it up; the kernel then gives it 127.0.0.1 and ::1.</summary>
    internal static void TakeUp()
    {
        using Descriptor socket = new(LibC.Check(LibC.socket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0)));
        LibC.InterfaceRequest request = default;
        "lo"u8.CopyTo(new Span<byte>(request.Name, 16));
        LibC.Check(LibC.ioctl(socket.Number, LibC.SIOCGIFFLAGS, &request));
        request.Flags |= LibC.IFF_UP;
        LibC.Check(LibC.ioctl(socket.Number, LibC.SIOCSIFFLAGS, &request));
    }
}
