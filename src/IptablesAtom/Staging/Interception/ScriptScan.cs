using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Interception;

/// <summary>Looks in a script's text for anything that could tell a function from a program.</summary>
internal static partial class ScriptScan
{
    /// <summary>True if functions in place of the tools might be noticed.</summary>
    internal static bool CanSeeFunctions(string script) => Seer().IsMatch(CommentLine().Replace(script, ""));

    [GeneratedRegex(@"^\s*#[^\n]*", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex CommentLine();

    /// <remarks>
    /// First row: what asks for the kind of a command. Second: handlers and options that act inside functions; a handler that calls a tool
    /// while a function holds the token would wait for itself. Third: a PATH without the tools, functions and aliases of the
    /// tools' names. Fourth: a script that reads itself; descriptors that bash uses for us.
    /// </remarks>
    [GeneratedRegex(
        @"\bcommand\s+-[vVp]|(?<![-\w])type\s+-?[a-z]|(?<![-\w])hash\s|\b(declare|typeset)\s+-\w*[fF]|\bcompgen\b|\$_\b|\$\{_\}"
        + @"|\btrap\b|\bset\s+-\w*[ETp]|errtrace|functrace|extdebug|expand_aliases|FUNCNAME|BASH_ENV|BASH_COMMAND|\bcaller\b|-o\s+posix|POSIXLY_CORRECT"
        + @"|\bPATH=(?![^\n;]*(/sbin|\$PATH|\$\{PATH))|\bunset\s+-\w*f|\bunset\s[^\n;]*ip(6?tables|set)|\balias\b|ip(6?tables|set)\s*\(\s*\)|\bfunction\s+ip(6?tables|set)\b"
        + @"|\b(cat|tail|sed|awk|grep|head|source|exec|md5sum|\.)\s[^\n]*\$\{?(0|BASH_SOURCE)\b|\bexec\s+1[0-9]|\bulimit\s+-\w*n",
        RegexOptions.CultureInvariant)]
    private static partial Regex Seer();
}
