namespace IptablesAtom.Staging.Mirror;

/// <summary>Something of the host that staging does not show, or shows differently.</summary>
/// <param name="Subject">What: "the route 10.0.0.0/8", "the link bond0".</param>
/// <param name="Reason">Why, in the kernel's words where it gave any.</param>
public sealed record MirrorGap(string Subject, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Subject}: {Reason}";
}
