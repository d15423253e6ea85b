namespace IptablesAtom.Netlink.Netlink;

/// <summary>Bytes are not of the format that the kernel's headers give.</summary>
public sealed class WireFormatException : AtomException
{
    internal WireFormatException(string what, string expected, long had)
        : base($"unexpected bytes from or for the kernel in {what}: expected {expected}, had {had}")
    {
    }
}
