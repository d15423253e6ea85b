using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Doctor;

/// <summary>A network namespace in which to try things; it is gone when its descriptor is closed.</summary>
internal static class ThrowAwayNamespace
{
    /// <summary>Makes one; null and the reason if the kernel refuses.</summary>
    internal static NetworkNamespace? TryMake(out Errno error)
    {
        Descriptor? file = null;
        Errno errno = Errno.None;
        Thread thread = new(() =>
        {
            // Libc only: this thread ends inside the new namespace (see NamespaceThread).
            int number = LibC.unshare(LibC.CLONE_NEWNET) == -1 ? -1 : LibC.open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
            errno = number == -1 ? LibC.LastErrno : Errno.None;
            file = number == -1 ? null : new Descriptor(number);
        });
        thread.Start();
        thread.Join();
        error = errno;
        return file is null ? null : NetworkNamespace.FromDescriptor(file, "a throw-away namespace");
    }

    /// <summary>Whether a mount namespace can be made: on a thread that ends with it.</summary>
    internal static Errno TryMountNamespace()
    {
        Errno errno = Errno.None;
        Thread thread = new(() => errno = LibC.unshare(LibC.CLONE_NEWNS) == -1 ? LibC.LastErrno : Errno.None);
        thread.Start();
        thread.Join();
        return errno;
    }
}
