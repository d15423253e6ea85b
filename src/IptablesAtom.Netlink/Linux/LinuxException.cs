using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

/// <summary>A system call failed.</summary>
public sealed class LinuxException : AtomException
{
    internal LinuxException(string call, Errno errno)
        : base($"{call}: {Describe(errno)}")
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>The call as it stands in the source, with what it was about.</summary>
    public string Call { get; }

    /// <summary>The error number.</summary>
    public Errno Errno { get; }

    /// <summary>The C library's text for an error number.</summary>
    /// <param name="errno">The number.</param>
    public static string Describe(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
