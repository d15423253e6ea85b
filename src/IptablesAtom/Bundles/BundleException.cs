using IptablesAtom.Netlink;

namespace IptablesAtom.Bundles;

/// <summary>What was staged cannot be put into a bundle, or the bundle's file cannot be written.</summary>
public sealed class BundleException : AtomException
{
    internal BundleException(string message)
        : base(message)
    {
    }
}
