using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const nuint SECCOMP_IOCTL_NOTIF_RECV = 0xc0502100;
    internal const nuint SECCOMP_IOCTL_NOTIF_SEND = 0xc0182101;
    internal const nuint SECCOMP_IOCTL_NOTIF_ADDFD = 0x40182103;
    internal const uint SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    internal const uint SECCOMP_ADDFD_FLAG_SETFD = 1;

    internal const nuint SIOCGSKNS = 0x894C;

    internal const int PIDFD_THREAD = 0x80;

    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;

    /// <summary>struct seccomp_notif: the call, its task, its arguments.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SeccompNotification
    {
        internal ulong Id;
        internal int Task;
        internal uint Flags;
        internal int Number;
        internal uint Architecture;
        internal ulong InstructionPointer;
        internal fixed ulong Arguments[6];
    }

    /// <summary>struct seccomp_notif_resp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SeccompResponse
    {
        internal ulong Id;
        internal long Value;
        internal int Error;
        internal uint Flags;
    }

    /// <summary>struct seccomp_notif_addfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SeccompAddDescriptor
    {
        internal ulong Id;
        internal uint Flags;
        internal int Source;
        internal int New;
        internal uint NewFlags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal void* Base;
        internal nuint Length;
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint process_vm_readv(int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);
}
