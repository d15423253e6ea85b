using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>
/// An interface whose wire is a descriptor: what is written there arrives at the interface (TAP: Ethernet frames, TUN: packets).
/// </summary>
/// <remarks>
/// The interface belongs to the namespace in which /dev/net/tun was opened and lives as long as the descriptor; an attached
/// descriptor is its carrier. A write runs the kernel's whole receive path before it returns.
/// </remarks>
internal sealed unsafe class TunDevice : IDisposable
{
    private const int LongestName = 15; // IFNAMSIZ without the NUL
    private readonly Descriptor _file;

    private TunDevice(Descriptor file, string name, bool isTap) => (_file, Name, IsTap) = (file, name, isTap);

    /// <summary>The interface's name.</summary>
    internal string Name { get; }

    /// <summary>It carries Ethernet frames; else packets without a link header.</summary>
    internal bool IsTap { get; }

    /// <summary>The descriptor, non-blocking.</summary>
    internal int Number => _file.Number;

    /// <summary>Makes an interface in the calling thread's namespace.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="index">Its index; 0 lets the kernel choose.</param>
    /// <param name="linkType">ARPHRD_*: 1 makes a TAP, any other a TUN of that type.</param>
    /// <param name="errno">Why the kernel refused.</param>
    /// <returns>Null when it refused.</returns>
    internal static TunDevice? CreateHere(string name, int index, ushort linkType, out Errno errno)
    {
        int fd = LibC.open("/dev/net/tun", LibC.O_RDWR | LibC.O_CLOEXEC | LibC.O_NONBLOCK, 0);
        if (fd == -1)
        {
            errno = LibC.LastErrno;
            return null;
        }

        Descriptor file = new(fd);
        bool isTap = linkType == 1;
        LibC.InterfaceRequest request = new()
        {
            Flags = (short)((isTap ? LibC.IFF_TAP : LibC.IFF_TUN) | LibC.IFF_NO_PI),
        };
        Encoding.Latin1.GetBytes(name, new Span<byte>(request.Name, LongestName));
        if ((index != 0 && LibC.ioctl(fd, LibC.TUNSETIFINDEX, &index) == -1)
            || LibC.ioctl(fd, LibC.TUNSETIFF, &request) == -1)
        {
            errno = LibC.LastErrno;
            file.Dispose();
            return null;
        }

        if (!isTap && linkType != 65534)
        {
            // A type that this kernel's TUN does not take is shown as "none"; the interface works all the same.
            LibC.ioctl(fd, LibC.TUNSETLINK, (void*)linkType);
        }

        errno = Errno.None;
        return new TunDevice(file, name, isTap);
    }

    /// <summary>Plugs the cable in or out.</summary>
    internal bool SetCarrier(bool on)
    {
        int value = on ? 1 : 0;
        return LibC.ioctl(_file.Number, LibC.TUNSETCARRIER, &value) == 0;
    }

    /// <summary>Lets a frame (TAP) or packet (TUN) arrive at the interface; false when it is down or gone.</summary>
    internal bool TryWrite(ReadOnlySpan<byte> packet)
    {
        fixed (byte* start = packet)
        {
            return LibC.write(_file.Number, start, packet.Length) != -1;
        }
    }

    /// <summary>The next frame (TAP) or packet (TUN) that left by the interface; its length, at most 0 when there is none.</summary>
    internal int TryRead(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)LibC.read(_file.Number, start, buffer.Length);
        }
    }

    /// <summary>Closes the wire. The interface stays, without carrier, and ends with its namespace.</summary>
    /// <remarks>
    /// Made persistent first: a close that removes it waits for RCU several times, 20 ms an interface; a namespace that ends
    /// removes all of its interfaces together, in the kernel's own time.
    /// </remarks>
    public void Dispose()
    {
        _ = LibC.ioctl(_file.Number, LibC.TUNSETPERSIST, (void*)1);
        _file.Dispose();
    }
}
