using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>Live, read back after a commit, is not what was planned.</summary>
public sealed class VerificationException : AtomException
{
    internal VerificationException(string where)
        : base($"what was read back from the kernel is not what was planned: {where}")
    {
    }
}
