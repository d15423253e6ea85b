namespace IptablesAtom.Netlink.Linux;

/// <summary>A lock that other programs share was not to be had in time.</summary>
public sealed class LockException : AtomException
{
    internal LockException(string what, TimeSpan waited, int? holder)
        : base($"another program holds {what}"
            + (holder is { } pid ? $" (process {pid})" : "")
            + (waited > TimeSpan.Zero ? $" for more than {waited.TotalSeconds:0.#} s" : "")
            + "; try again when it is done, or wait longer with --wait") => Holder = holder;

    /// <summary>The process that holds it, if the kernel tells.</summary>
    public int? Holder { get; }
}
