using System.Globalization;

namespace IptablesAtom.Netlink.Linux;

/// <summary>An open network namespace. It lives as long as this descriptor does, also when nothing else holds it.</summary>
/// <remarks>
/// A namespace is known by (device, inode) of its file, never by its path: a name can be given to another one.
/// </remarks>
public sealed unsafe class NetworkNamespace : IDisposable
{
    private readonly Descriptor _file;

    private NetworkNamespace(Descriptor file, string description)
    {
        _file = file;
        Description = description;
        LibC.Stat stat;
        LibC.Check(LibC.fstat(file.Number, &stat));
        Identity = (stat.Device, stat.Inode);
    }

    /// <summary>What the user called it: a name, a path, a process, or "this namespace".</summary>
    public string Description { get; }

    /// <summary>Device and inode of the namespace's file: equal for the same namespace only.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <summary>The kernel's number of this namespace (SO_NETNS_COOKIE): never given to another one until the next boot, unlike inodes.</summary>
    internal ulong Cookie => Run(() =>
    {
        using Descriptor socket = new(LibC.Check(LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, 0)));
        ulong cookie;
        uint length = sizeof(ulong);
        LibC.Check(LibC.getsockopt(socket.Number, LibC.SOL_SOCKET, LibC.SO_NETNS_COOKIE, &cookie, &length));
        return cookie;
    });

    internal int Number => _file.Number;

    /// <summary>True if the calling thread is in it.</summary>
    internal bool IsOfThisThread
    {
        get
        {
            using NetworkNamespace own = Current();
            return own.Identity == Identity;
        }
    }

    /// <summary>The namespace of the calling thread.</summary>
    public static NetworkNamespace Current() => Open("/proc/thread-self/ns/net", "this namespace");

    /// <summary>The namespace of a process.</summary>
    /// <param name="pid">Its process id.</param>
    public static NetworkNamespace OfProcess(int pid) =>
        Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"), $"the namespace of process {pid}");

    /// <summary>Opens what the user wrote for <c>--netns</c>: a path (it has a slash), a process id (digits), or a name of /run/netns.</summary>
    /// <param name="text">NAME, PATH or PID.</param>
    /// <exception cref="NamespaceException">There is no such namespace, or it is no network namespace.</exception>
    public static NetworkNamespace Parse(string text)
    {
        string path = text.Contains('/', StringComparison.Ordinal) ? text
            : text.All(char.IsAsciiDigit) && text.Length > 0 && !File.Exists($"/run/netns/{text}") ? $"/proc/{text}/ns/net"
            : $"/run/netns/{text}";
        return Open(path, text);
    }

    /// <summary>Wraps an open descriptor of a namespace's file.</summary>
    /// <param name="file">The descriptor; this object owns it from now on.</param>
    /// <param name="description">What to call it in messages.</param>
    public static NetworkNamespace FromDescriptor(Descriptor file, string description) => new(file, description);

    /// <summary>Calls something on a dedicated thread inside this namespace, and gives its result. See <see cref="NamespaceThread"/>.</summary>
    /// <param name="action">libc calls only: no Task, Process, Console.</param>
    /// <typeparam name="T">The result.</typeparam>
    public T Run<T>(Func<T> action) => NamespaceThread.Run(this, action);

    /// <summary>
    /// Waits until no other user of this call holds the namespace. The lock is one on the namespace's own file (flock), so it is
    /// per namespace, leaves nothing behind, and ends with its holder.
    /// </summary>
    /// <param name="wait">How long to wait.</param>
    /// <returns>Disposing of it lets go.</returns>
    /// <exception cref="LockException">Another program still holds it.</exception>
    internal IDisposable Lock(TimeSpan wait)
    {
        // Opened anew: a lock belongs to the open file, and this object's may be shared.
        return XtablesLock.Take(
            wait,
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Number}"),
            $"the commit lock of {Description}");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static NetworkNamespace Open(string path, string description)
    {
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        return fd == -1
            ? throw new NamespaceException(description, path, LibC.LastErrno)
            : new NetworkNamespace(new Descriptor(fd), description);
    }
}
