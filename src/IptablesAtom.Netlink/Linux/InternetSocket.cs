namespace IptablesAtom.Netlink.Linux;

/// <summary>A socket of IPv4 or IPv6, looked at from outside the program that made it, and made again elsewhere.</summary>
internal static unsafe class InternetSocket
{
    private const int SO_TYPE = 3;
    private const int SO_PROTOCOL = 38;
    private const int SO_DOMAIN = 39;
    private const int SO_BINDTODEVICE = 25;
    private const int IPPROTO_ICMP = 1;
    private const int IPPROTO_ICMPV6 = 58;
    private const int LargestOption = 16;

    /// <summary>Options that programs set before they connect, as (level, name).</summary>
    private static readonly (int Level, int Name)[] Options =
    [
        (LibC.SOL_SOCKET, 2), // SO_REUSEADDR
        (LibC.SOL_SOCKET, 6), // SO_BROADCAST
        (LibC.SOL_SOCKET, 9), // SO_KEEPALIVE
        (LibC.SOL_SOCKET, 20), // SO_RCVTIMEO_OLD
        (LibC.SOL_SOCKET, 21), // SO_SNDTIMEO_OLD
        (LibC.SOL_SOCKET, 29), // SO_TIMESTAMP_OLD
        (LibC.SOL_SOCKET, 36), // SO_MARK
        (0, 1), // IP_TOS
        (0, 2), // IP_TTL
        (0, 11), // IP_RECVERR
        (0, 12), // IP_RECVTTL
        (6, 1), // TCP_NODELAY
        (41, 16), // IPV6_UNICAST_HOPS
        (41, 25), // IPV6_RECVERR
        (41, 26), // IPV6_V6ONLY
        (41, 51), // IPV6_RECVHOPLIMIT
    ];

    /// <summary>Whether this is a socket by which a program speaks to another host: TCP, UDP or ping.</summary>
    /// <remarks>A raw socket of any other protocol belongs to the tools of the firewall.</remarks>
    internal static bool Speaks(Descriptor socket) =>
        Option(socket, SO_DOMAIN) is LibC.AF_INET or LibC.AF_INET6
        && (Option(socket, SO_TYPE) is LibC.SOCK_STREAM or LibC.SOCK_DGRAM
            || (Option(socket, SO_TYPE) == LibC.SOCK_RAW && Option(socket, SO_PROTOCOL) is IPPROTO_ICMP or IPPROTO_ICMPV6));

    /// <summary>The namespace of a socket; null where the kernel does not tell.</summary>
    internal static (ulong Device, ulong Inode)? NamespaceOf(Descriptor socket)
    {
        int file = LibC.ioctl(socket.Number, LibC.SIOCGSKNS, null);
        if (file == -1)
        {
            return null;
        }

        using NetworkNamespace home = NetworkNamespace.FromDescriptor(new Descriptor(file), "a socket's namespace");
        return home.Identity;
    }

    /// <summary>Makes a socket like another one in the calling thread's namespace: kind, common options, local address, blocking or not.</summary>
    internal static Descriptor? MakeHereLike(Descriptor socket)
    {
        int fd = LibC.socket(Option(socket, SO_DOMAIN), Option(socket, SO_TYPE) | LibC.SOCK_CLOEXEC, Option(socket, SO_PROTOCOL));
        if (fd == -1)
        {
            return null;
        }

        Descriptor made = new(fd);
        byte* value = stackalloc byte[LargestOption];
        byte* current = stackalloc byte[LargestOption];
        foreach ((int level, int name) in Options)
        {
            uint length = LargestOption;
            uint currentLength = LargestOption;
            if (LibC.getsockopt(socket.Number, level, name, value, &length) == 0
                && LibC.getsockopt(fd, level, name, current, &currentLength) == 0
                && !new Span<byte>(value, (int)length).SequenceEqual(new Span<byte>(current, (int)currentLength)))
            {
                _ = LibC.setsockopt(fd, level, name, value, length);
            }
        }

        CopyDevice(socket, fd);
        CopyLocalAddress(socket, fd);
        int flags = LibC.fcntl(socket.Number, LibC.F_GETFL, 0);
        if (flags != -1 && (flags & LibC.O_NONBLOCK) != 0)
        {
            _ = LibC.fcntl(fd, LibC.F_SETFL, LibC.O_NONBLOCK);
        }

        return made;
    }

    private static void CopyDevice(Descriptor socket, int fd)
    {
        byte* device = stackalloc byte[LargestOption];
        uint length = LargestOption;
        if (LibC.getsockopt(socket.Number, LibC.SOL_SOCKET, SO_BINDTODEVICE, device, &length) == 0 && length > 0)
        {
            _ = LibC.setsockopt(fd, LibC.SOL_SOCKET, SO_BINDTODEVICE, device, length);
        }
    }

    /// <summary>A local address or port that the program chose: anything but zeros behind the family.</summary>
    private static void CopyLocalAddress(Descriptor socket, int fd)
    {
        byte* address = stackalloc byte[128];
        uint length = 128;
        if (LibC.getsockname(socket.Number, address, &length) == 0 && length > 2
            && new Span<byte>(address + 2, (int)length - 2).ContainsAnyExcept((byte)0))
        {
            _ = LibC.bind(fd, address, length);
        }
    }

    private static int Option(Descriptor socket, int name)
    {
        int value = 0;
        uint length = sizeof(int);
        return LibC.getsockopt(socket.Number, LibC.SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
    }
}
