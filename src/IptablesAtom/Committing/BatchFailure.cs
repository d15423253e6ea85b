using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Committing;

/// <summary>One message of a batch that the kernel refused.</summary>
/// <param name="Operation">What it would have done, with the rule's words and origin where they are known.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain, or null.</param>
/// <param name="Origin">Where the script made the rule, or null.</param>
/// <param name="Errno">Why.</param>
/// <param name="KernelText">The kernel's own words, or null.</param>
public sealed record BatchFailure(string Operation, TableId Table, string? Chain, Origin? Origin, Errno Errno, string? KernelText)
{
    /// <summary>The failure in one line.</summary>
    public override string ToString() => $"{Operation}: {Reason}{(KernelText is null ? "" : $" ({KernelText})")}";

    private string Reason => Errno switch
    {
        Errno.ENOENT => "something that it names does not exist here (a chain, set, object, or an extension that this kernel lacks)",
        Errno.EMLINK => "it would make the chains a loop",
        Errno.EBUSY => "it is still in use",
        Errno.EPERM => "not permitted (root is needed, or another program owns the table)",
        _ => LinuxException.Describe(Errno),
    };
}
