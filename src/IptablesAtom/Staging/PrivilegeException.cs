using IptablesAtom.Netlink;

namespace IptablesAtom.Staging;

/// <summary>The caller may not do this: not root, or root without a capability.</summary>
public sealed class PrivilegeException : AtomException
{
    internal PrivilegeException(string message)
        : base(message)
    {
    }
}
