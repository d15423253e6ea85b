using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Interception;

/// <summary>Looks in a script's text for anything that could tell a function from a program.</summary>
internal static partial class ScriptScan
{
    /// <summary>Without one of these a line looks at no status.</summary>
    private static readonly SearchValues<string> Looks = SearchValues.Create(["||", "&&", ">&", "&>", "2>", "if", "while", "until", "!", "`", "$("], StringComparison.Ordinal);

    /// <summary>True if functions in place of the tools might be noticed, by the script or by a file that it reads in.</summary>
    internal static bool CanSeeFunctions(string script) => CanSeeFunctions(script, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The directories that the script names in a PATH of its own.</summary>
    internal static IEnumerable<string> PathDirectories(string script) =>
        OwnPath().Matches(script).SelectMany(path => path.Groups[1].Value.Split(':', '"', '\'')).Where(Path.IsPathRooted);

    private static bool CanSeeFunctions(string script, HashSet<string> seen)
    {
        string text = PlainLine().Replace(script, "");
        return Seer().IsMatch(text) || ReadIn().Matches(text).Any(file => seen.Add(file.Groups[1].Value) && CanSeeFunctionsIn(file.Groups[1].Value, seen));
    }

    /// <summary>A file that is not there yet, or whose name only the shell knows, can hold anything.</summary>
    private static bool CanSeeFunctionsIn(string path, HashSet<string> seen)
    {
        try
        {
            // Without a length it is a pipe or the like, which must not be read twice.
            return !Path.IsPathRooted(path) || ToolFiles.Resolve(path) is not { } file || new FileInfo(file).Length == 0
                || CanSeeFunctions(File.ReadAllText(file, Encoding.Latin1), seen);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>
    /// True if what the script does may depend on whether a call that adds a rule succeeds. The text alone decides, and in doubt it is true. Where this is
    /// wrong the result is still right, for the run is repeated; but the script has then done for a moment what it would not have done.
    /// </summary>
    internal static bool LooksAtStatuses(string script)
    {
        string text = Continuation().Replace(PlainLine().Replace(script, ""), " ");
        if (ShebangOption().IsMatch(script) || StatusWord().IsMatch(text))
        {
            return true;
        }

        IEnumerable<string> variables = ToolVariable().Matches(text).Select(match => match.Groups[1].Value);
        string tool = $@"(?:ip6?tables(?:-\w+)?|\$\{{?(?:{string.Join('|', variables.Append("IPT\\w*").Distinct())})\}}?)""?\s+[-$""]";
        IEnumerable<string> functions = FunctionName().Matches(text).Select(match => $"{match.Groups[1].Value}{match.Groups[2].Value}");
        string call = string.Join(
            '|', functions.Distinct().Select(name => $@"(?<![-\w.$]){Regex.Escape(name)}(?![-\w.(]|\s*\()").Prepend(tool).Append(@"\bxargs\b[^\n|;]*(?:ip6?tables|\$)"));
        // A status is looked at behind && and || and between a keyword and the end of its command; messages are looked at where they are kept. The expression
        // is made at run time, and such a one is slow: it gets only the lines that matter, each behind a line end.
        return Regex.IsMatch(
            string.Concat(text.Split('\n').Where(line => line.AsSpan().ContainsAny(Looks)).Select(line => $"\n{line}")),
            $@"(?:{call})[^\n]*(?:\|\||&&|[^>]&>|2>)|(?:\b(?:if|elif|while|until)\b|(?<![^\s;])!\s|[^\\]`|\$\()[^;\n]*(?:{call})",
            RegexOptions.CultureInvariant | RegexOptions.Multiline);
    }

    /// <remarks>Statuses by name; -e and -x; text that is run, read from elsewhere, or beside the script; conditions and groups over several lines.</remarks>
    [GeneratedRegex(
        @"\$\?|\$\{\?|PIPESTATUS|\bset\s+[-+]\w*[ex]|errexit|xtrace|\beval\b|\btrap\b[^\n]*\b(?:ERR|DEBUG)\b|(?:^|[\s;])(?:\.|source)\s|(?<![&<>|])&(?![&>])|\bcoproc\b"
        + @"|\b(?:if|elif|while|until)\s*[({]?\s*$|^\s*(?:done|fi|esac|\}|\))[^\n]*(?:\|\||&&|2>|&>)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex StatusWord();

    [GeneratedRegex(@"^#![^\n]*\s-\w*[ex]", RegexOptions.CultureInvariant)]
    private static partial Regex ShebangOption();

    [GeneratedRegex(@"\\\n", RegexOptions.CultureInvariant)]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\b(\w+)=[^\n;]*ip6?tables", RegexOptions.CultureInvariant)]
    private static partial Regex ToolVariable();

    [GeneratedRegex(@"^\s*(?:function\s+([\w.-]+)|([\w.-]+)\s*\(\s*\))", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex FunctionName();

    /// <remarks>Comments, and calls of nothing but plain words: they are most of a large script, and there is nothing to be found in them.</remarks>
    [GeneratedRegex(
        @"(?<!\\\n)^[ \t]*(?:#[^\n]*|(?:[\w./]*/)?(?:ip6?tables|ipset)[ \t][\w \t./:,=!""'+%@-]*)(?:\n|\z)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PlainLine();

    /// <remarks>
    /// First row: what asks for the kind of a command. Second: handlers and options that act inside functions; a handler that calls a tool
    /// while a function holds the token would wait for itself, but for one of EXIT, which no function of ours does. Third: a PATH without the tools,
    /// functions and aliases of the tools' names. Fourth: a script that reads itself; descriptors that bash uses for us. Fifth: constants of our
    /// variables' names; functions of the names of what ours call.
    /// </remarks>
    [GeneratedRegex(
        @"\bcommand\s+-[vVp]|(?<![-\w])type\s+-?[a-z]|(?<![-\w])hash\s|\b(declare|typeset)\s+-\w*[fF]|\bcompgen\b|\$_\b|\$\{_\}"
        + @"|\btrap\b(?![ \t]+(?:'[^'\n]*'|""[^""\n]*""|[\w./:-]+)[ \t]+(?:EXIT|0)[ \t]*(?:[;\n]|\z))"
        + @"|\bset\s+-\w*[ETp]|errtrace|functrace|extdebug|expand_aliases|FUNCNAME|BASH_ENV|BASH_COMMAND|\bcaller\b|-o\s+posix|POSIXLY_CORRECT"
        + @"|\bPATH=(?![^\n;]*(/sbin|\$PATH|\$\{PATH))|\bunset\s+-\w*f|\bunset\s[^\n;]*ip(6?tables|set)|\balias\b|ip(6?tables|set)\s*\(\s*\)|\bfunction\s+ip(6?tables|set)\b"
        + @"|\b(cat|tail|sed|awk|grep|head|source|exec|md5sum|\.)\s[^\n]*\$\{?(0|BASH_SOURCE)\b|\bexec\s+(1[0-9]|\$)|\{\w+\}[<>]|/proc/[^\s/]+/fd\b|\bulimit\s+-\w*n"
        + @"|\b(readonly|(declare|typeset|local)\s+-\w*r\w*)\b[^\n;]*\b(kind|call|status|text|tool|handled|IFS)\b"
        + @"|\bBASH_XTRACEFD\b|(?<![-\w.])(echo|printf|read|shift|set)\s*\(\s*\)|\bfunction\s+(echo|printf|read|shift|set)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Seer();

    [GeneratedRegex(
        @"(?:^|[;&|({!`]|\b(?:then|do|else|if|while|until)\b)\s*(?:\.|source)\s+[""']?([^\s""';&|)]+)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ReadIn();

    [GeneratedRegex(@"\bPATH=([^\s;]+)", RegexOptions.CultureInvariant)]
    private static partial Regex OwnPath();
}
