namespace IptablesAtom.Netlink.Linux;

/// <summary>Error numbers of Linux that the code decides on (asm-generic/errno*.h; equal on x86-64 and arm64).</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such object.</summary>
    ENOENT = 2,
    /// <summary>No such process.</summary>
    ESRCH = 3,
    /// <summary>Interrupted by a signal.</summary>
    EINTR = 4,
    /// <summary>Input/output error.</summary>
    EIO = 5,
    /// <summary>Bad descriptor.</summary>
    EBADF = 9,
    /// <summary>No child process.</summary>
    ECHILD = 10,
    /// <summary>Would block, or the object changed meanwhile.</summary>
    EAGAIN = 11,
    /// <summary>Out of memory.</summary>
    ENOMEM = 12,
    /// <summary>Access denied.</summary>
    EACCES = 13,
    /// <summary>In use.</summary>
    EBUSY = 16,
    /// <summary>Exists already.</summary>
    EEXIST = 17,
    /// <summary>No such device.</summary>
    ENODEV = 19,
    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>Not executable as a program: no known format.</summary>
    ENOEXEC = 8,
    /// <summary>Broken pipe.</summary>
    EPIPE = 32,
    /// <summary>Out of range.</summary>
    ERANGE = 34,
    /// <summary>System call not there.</summary>
    ENOSYS = 38,
    /// <summary>Too many links: a loop of chains.</summary>
    EMLINK = 31,
    /// <summary>Too many levels of links, or a loop of chains in a legacy table.</summary>
    ELOOP = 40,
    /// <summary>nf_tables: the generation differs from the one given.</summary>
    ERESTART = 85,
    /// <summary>Message too long for the socket's buffer.</summary>
    EMSGSIZE = 90,
    /// <summary>Protocol option not there.</summary>
    ENOPROTOOPT = 92,
    /// <summary>Protocol not supported.</summary>
    EPROTONOSUPPORT = 93,
    /// <summary>Not supported.</summary>
    EOPNOTSUPP = 95,
    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT = 97,
    /// <summary>Network is unreachable.</summary>
    ENETUNREACH = 101,
    /// <summary>The socket's receive buffer overflowed: messages were lost.</summary>
    ENOBUFS = 105,
    /// <summary>The other end went away.</summary>
    ECONNRESET = 104,
}
