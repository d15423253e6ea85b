using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>How the rules of a well-known program are recognised when no base tells whose they are.</summary>
internal sealed record ForeignProgram(string Name)
{
    /// <summary>Names of chains that only this program makes.</summary>
    internal IReadOnlyList<string> Chains { get; init; } = [];

    /// <summary>Names of chains that are its own only where the program is seen: too common by themselves.</summary>
    internal IReadOnlyList<string> MoreChains { get; init; } = [];

    /// <summary>Names of sets.</summary>
    internal IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Names of interfaces that it makes.</summary>
    internal IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>
    /// True if it also puts rules that name its interfaces into INPUT and OUTPUT. Of the other programs only those in the path
    /// of forwarded packets are taken for its own: in INPUT such a rule is rather the administrator's.
    /// </summary>
    internal bool OnHost { get; init; }

    /// <summary>Comments that it gives its rules.</summary>
    internal IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Names of its native nft tables.</summary>
    internal IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>More rules, without any mark; asked where the program is seen.</summary>
    internal Func<TableId, Rule, bool>? Unmarked { get; init; }
}
