using System.Globalization;
using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>The change does not fit into one send.</summary>
public sealed class BatchTooLargeException : AtomException
{
    internal BatchTooLargeException(int bytes)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"the change takes {bytes} bytes in one transaction, more than this namespace may send at once; run it in the host's user namespace, or raise net.core.wmem_max to {bytes}"))
        => Bytes = bytes;

    /// <summary>The bytes needed.</summary>
    public int Bytes { get; }
}
