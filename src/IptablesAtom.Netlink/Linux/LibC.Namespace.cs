using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    internal const int CLONE_NEWNS = 0x00020000;
    internal const int CLONE_NEWUTS = 0x04000000;
    internal const int CLONE_NEWNET = 0x40000000;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setns(int fd, int kind);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unshare(int flags);
}
