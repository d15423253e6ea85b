using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const nuint TUNSETIFF = 0x400454ca;
    internal const nuint TUNSETLINK = 0x400454cd;
    internal const nuint TUNSETIFINDEX = 0x400454da;
    internal const nuint TUNSETCARRIER = 0x400454e2;

    internal const ushort IFF_TUN = 0x0001;
    internal const ushort IFF_TAP = 0x0002;
    internal const ushort IFF_NO_PI = 0x1000;

    internal const int IFNAMSIZ = 16;

    /// <summary>struct ifreq: a name and a union, of which the flags or a pointer are used.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct InterfaceRequest
    {
        [FieldOffset(0)]
        internal fixed byte Name[IFNAMSIZ];
        [FieldOffset(16)]
        internal ushort Flags;
        [FieldOffset(16)]
        internal void* Data;
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);
}
