namespace IptablesAtom.Netlink.Linux;

/// <summary>A program could not be started, or not be listened to.</summary>
public sealed class SpawnException : AtomException
{
    internal SpawnException(string program, Errno errno)
        : base($"\"{program}\" cannot be started: {LinuxException.Describe(errno)}")
    {
        Program = program;
        Errno = errno;
    }

    internal SpawnException(string program, string what)
        : base($"\"{program}\" {what}") => Program = program;

    /// <summary>The program's file.</summary>
    public string Program { get; }

    /// <summary>Why; <see cref="Errno.None"/> when no system call failed.</summary>
    public Errno Errno { get; }
}
