using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>An open mount namespace, and the mount calls with their targets in the error.</summary>
internal sealed class MountNamespace : IDisposable
{
    private readonly Descriptor _file;

    private MountNamespace(Descriptor file) => _file = file;

    /// <summary>The mount namespace of a process.</summary>
    internal static MountNamespace OfProcess(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/mnt");
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        return fd == -1 ? throw new LinuxException($"open {path}", LibC.LastErrno) : new MountNamespace(new Descriptor(fd));
    }

    /// <summary>
    /// Runs something on a dedicated thread that sees these mounts and, if given, is in that network namespace. The rules of
    /// <see cref="NamespaceThread"/> hold; files may be read and written.
    /// </summary>
    internal T Run<T>(NetworkNamespace? network, Func<T> action) => new OwnThread<T>(() =>
    {
        // setns refuses a thread that shares its root and working directory with others (setns(2), CLONE_NEWNS).
        LibC.Check(LibC.unshare(LibC.CLONE_FS));
        if (network is not null)
        {
            LibC.Check(LibC.setns(network.Number, LibC.CLONE_NEWNET));
        }

        LibC.Check(LibC.setns(_file.Number, LibC.CLONE_NEWNS));
        return action();
    }).Result;

    /// <summary>Shows a file or directory at another place too; with everything mounted below it if <paramref name="recursive"/>.</summary>
    internal static void Bind(string source, string target, bool recursive = false)
    {
        if (LibC.mount(source, target, null, LibC.MS_BIND | (recursive ? LibC.MS_REC : 0), null) == -1)
        {
            throw new LinuxException($"bind mount {source} on {target}", LibC.LastErrno);
        }
    }

    /// <summary>Mounts a file system of the kernel's own.</summary>
    internal static void Mount(string type, string target, ulong flags, string? data = null)
    {
        if (LibC.mount(type, target, type, flags, data) == -1)
        {
            throw new LinuxException($"mount {type} on {target}", LibC.LastErrno);
        }
    }

    /// <summary>Takes a mount and all below it away from the tree; what is in use lives on unseen.</summary>
    internal static void Detach(string target)
    {
        if (LibC.umount2(target, LibC.MNT_DETACH) == -1)
        {
            throw new LinuxException($"umount {target}", LibC.LastErrno);
        }
    }

    /// <summary>Makes a directory; one that exists is fine.</summary>
    internal static void MakeDirectory(string path)
    {
        if (LibC.mkdir(path, 0x1ed /* 0755 */) == -1 && LibC.LastErrno != Errno.EEXIST)
        {
            throw new LinuxException($"mkdir {path}", LibC.LastErrno);
        }
    }

    /// <summary>Takes away a directory with what is mounted there; one that is not empty below that stays.</summary>
    internal static void RemoveDirectory(string path)
    {
        _ = LibC.umount2(path, LibC.MNT_DETACH);
        _ = LibC.rmdir(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
