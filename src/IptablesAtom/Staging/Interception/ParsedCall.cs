namespace IptablesAtom.Staging.Interception;

/// <summary>A call of iptables or ip6tables that is understood to the last word.</summary>
internal sealed class ParsedCall
{
    /// <summary>The table, from -t or the default.</summary>
    internal string Table { get; set; } = "filter";

    /// <summary>The command's letter: A, I, R, D, C, N, X, F, Z, P, E, L or S.</summary>
    internal char Command { get; set; }

    /// <summary>The chain, if one was named.</summary>
    internal string? Chain { get; set; }

    /// <summary>The rule's number, if one was given.</summary>
    internal int? Number { get; set; }

    /// <summary>-P: the policy. -E: the new name.</summary>
    internal string? Second { get; set; }

    /// <summary>True if a word asks for more output: -v, -n, -x, --line-numbers.</summary>
    internal bool WantsOutput { get; set; }

    /// <summary>The words for a restore line: verbatim, without table and wait, the command by its letter.</summary>
    internal List<string> Line { get; } = [];

    /// <summary>The rule; empty for commands without one.</summary>
    internal RuleWords Rule { get; } = new();

    /// <summary>True if an option of a rule was given.</summary>
    internal bool HasRule { get; set; }

    /// <summary>True if the command adds a rule where another command can find it: -A, -I, -R.</summary>
    internal bool AddsRule => Command is 'A' or 'I' or 'R';
}
