using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const int AI_CANONNAME = 2;

    internal const int EAI_NONAME = -2;
    internal const int EAI_NODATA = -5;
    internal const int EAI_ADDRFAMILY = -9;

    /// <summary>struct addrinfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AddressInfo
    {
        internal int Flags;
        internal int Family;
        internal int Type;
        internal int Protocol;
        internal uint Length;
        internal byte* Address;
        internal byte* Name;
        internal AddressInfo* Next;
    }

    /// <summary>Returns 0 or EAI_*, and leaves errno alone.</summary>
    [LibraryImport(Library)]
    internal static partial int getaddrinfo(byte* name, byte* service, AddressInfo* hints, AddressInfo** found);

    [LibraryImport(Library)]
    internal static partial void freeaddrinfo(AddressInfo* found);
}
