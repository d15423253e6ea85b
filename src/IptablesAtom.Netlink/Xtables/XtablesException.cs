using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>The kernel refused to read or replace a legacy table. A refused replace leaves the table as it was.</summary>
public sealed class XtablesException : AtomException
{
    internal XtablesException(string operation, string table, Errno errno)
        : base($"{operation} of the legacy table \"{table}\": {Explain(errno)}")
    {
        Table = table;
        Errno = errno;
    }

    /// <summary>The table's name.</summary>
    public string Table { get; }

    /// <summary>Why.</summary>
    public Errno Errno { get; }

    private static string Explain(Errno errno) => errno switch
    {
        Errno.ENOENT => "the kernel lacks the table, or a match, target or set that its rules name",
        Errno.ELOOP => "its chains jump in a circle, or a jump leads nowhere",
        Errno.EAGAIN => "another program changed the table meanwhile",
        Errno.ENOMEM => "out of memory (a table counts against the memory limit of the process's cgroup)",
        Errno.EINVAL => "the kernel rejects a rule (see the kernel's log: dmesg)",
        Errno.EPERM => "this needs CAP_NET_ADMIN in the namespace",
        _ => LinuxException.Describe(errno),
    };
}
