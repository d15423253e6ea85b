using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Route;

/// <summary>A request of a batch that the kernel refused.</summary>
/// <param name="Subject">What the request was about: the object given with it.</param>
/// <param name="Errno">Why.</param>
/// <param name="KernelText">The kernel's own words, or null.</param>
internal sealed record RouteFailure(object Subject, Errno Errno, string? KernelText)
{
    /// <summary>The reason as words.</summary>
    internal string Reason => KernelText is null
        ? LinuxException.Describe(Errno)
        : $"{LinuxException.Describe(Errno)} ({KernelText})";
}
