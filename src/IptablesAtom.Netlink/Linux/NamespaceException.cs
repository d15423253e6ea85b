namespace IptablesAtom.Netlink.Linux;

/// <summary>A network namespace could not be opened or entered.</summary>
public sealed class NamespaceException : AtomException
{
    internal NamespaceException(string description, string path, Errno errno)
        : base($"the network namespace \"{description}\" ({path}) cannot be used: {LinuxException.Describe(errno)}")
        => Errno = errno;

    /// <summary>Why.</summary>
    public Errno Errno { get; }
}
