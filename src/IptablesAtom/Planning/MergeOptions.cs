namespace IptablesAtom.Planning;

/// <summary>Whose is what in live.</summary>
public sealed record MergeOptions
{
    /// <summary>
    /// <c>--keep</c>: more that is foreign. A pattern (<c>*</c> and <c>?</c>) of the name of a chain, a set, a native nft table,
    /// an interface or a comment.
    /// </summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary><c>--adopt</c>: on a first run too, all that is live and was never ours is foreign and stays.</summary>
    public bool Adopt { get; init; }

    /// <summary><c>--replace</c>: nothing is foreign; a touched table becomes what the script made of it.</summary>
    public bool Replace { get; init; }
}
