using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Netlink;

/// <summary>The kernel answered a request with an error.</summary>
public sealed class NetlinkException : AtomException
{
    internal NetlinkException(string operation, int error, string? kernelText)
        : base($"{operation}: {Describe(error)}{(kernelText is null ? "" : $" ({kernelText})")}")
    {
        Operation = operation;
        Error = error;
        KernelText = kernelText;
    }

    /// <summary>What was asked.</summary>
    public string Operation { get; }

    /// <summary>The error number as the kernel sent it, positive. ipset's own begin at 4096.</summary>
    public int Error { get; }

    /// <summary>The same, named.</summary>
    public Errno Errno => (Errno)Error;

    /// <summary>The kernel's own words (extended acknowledgement), or null.</summary>
    public string? KernelText { get; }

    private static string Describe(int error) => error >= 4096 ? $"error {error}" : LinuxException.Describe((Errno)error);
}
