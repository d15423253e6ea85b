using System.Runtime.InteropServices;

namespace IptablesAtom.Load;

/// <summary>The socket calls that only packet loads need.</summary>
internal static unsafe partial class LoadCalls
{
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;

    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary>struct mmsghdr, LP64.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultiMessage
    {
        internal byte* Name;
        internal uint NameLength;
        internal IoVector* Vectors;
        internal nuint VectorCount;
        internal byte* Control;
        internal nuint ControlLength;
        internal nint Flags; // an int that the struct pads to 8 bytes
        internal nuint Length; // an unsigned int, padded too
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int sendmmsg(int fd, MultiMessage* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int recvmmsg(int fd, MultiMessage* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int nanosleep(TimeSpec* request, TimeSpec* rest);
}
