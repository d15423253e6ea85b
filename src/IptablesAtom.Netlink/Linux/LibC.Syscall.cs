using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const nint NR_pidfd_send_signal = 424;
    internal const nint NR_pidfd_open = 434;
    internal const nint NR_pidfd_getfd = 438;

    /// <summary>One of the few numbers that differ between x86-64 and arm64.</summary>
    internal static readonly nint NR_seccomp = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;

    /// <summary>A system call that the C library has no function for, or not in every version that we run with.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nint argument1, nint argument2, nint argument3, nint argument4, nint argument5);
}
