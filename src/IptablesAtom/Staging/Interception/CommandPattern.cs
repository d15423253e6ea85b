using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Interception;

/// <summary>A firewall command as it stands in a script: words, and places where the shell puts something in.</summary>
internal sealed partial class CommandPattern
{
    private readonly Regex? _regex;

    private CommandPattern(int line, IReadOnlyList<string> words, bool isTested)
    {
        Line = line;
        IsTested = isTested;
        if (words.Any(IsOpen))
        {
            // Words are joined by NUL; a word that is nothing but a substitution can stand for any number of words.
            string pattern = string.Concat(words.Select(word =>
                WholeSubstitution().IsMatch(word) ? @"(?:[^\x00]*\x00)*?"
                : string.Join(@"[^\x00]*", Substitution().Split(word).Select(part => Regex.Escape(Unquoted(part)))) + @"\x00"));
            _regex = new Regex($"^{pattern}$", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(50));
            Weight = words.Sum(word => Unquoted(Substitution().Replace(word, "")).Length);
        }
        else
        {
            Literal = string.Join('\0', words.Select(Unquoted));
        }
    }

    /// <summary>The line on which it begins, from 1.</summary>
    internal int Line { get; }

    /// <summary>True if the line looks at statuses.</summary>
    internal bool IsTested { get; }

    /// <summary>Its words joined by NUL if the shell puts nothing in; else null.</summary>
    internal string? Literal { get; }

    /// <summary>How much of it is fixed: the more, the surer a match.</summary>
    internal int Weight { get; }

    /// <summary>True if a call can have come from it.</summary>
    internal bool Matches(IReadOnlyList<string> arguments)
    {
        try
        {
            return _regex!.IsMatch(string.Concat(arguments.Select(word => word + '\0')));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Every command in a script that names a firewall tool, or a variable that may hold its name, before options.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="toolWord">What names another kind of tool; null for firewall tools.</param>
    internal static IEnumerable<CommandPattern> All(string script, Regex? toolWord = null)
    {
        toolWord ??= ToolWord();
        string[] lines = script.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int first = i + 1;
            string line = lines[i];
            while (line.EndsWith('\\') && i + 1 < lines.Length)
            {
                line = line[..^1] + lines[++i];
            }

            if (line.Length > 2000 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            foreach (string command in Commands(line))
            {
                List<string> words = [.. Word().Matches(command).Select(match => match.Value)];
                int tool = words.FindIndex(word => toolWord.IsMatch(word));
                bool isNamed = tool >= 0;
                tool = isNamed ? tool : words.FindIndex(word => word.StartsWith('$') || word.StartsWith("\"$", StringComparison.Ordinal));
                if (tool >= 0 && tool + 1 < words.Count && (isNamed || words.Skip(tool + 1).Any(IsOptionOrAll)))
                {
                    yield return new CommandPattern(first, [.. words.Skip(tool + 1).TakeWhile(word => !Redirection().IsMatch(word))], Test().IsMatch(line));
                }
            }
        }
    }

    private static bool IsOptionOrAll(string word) => word.StartsWith('-') || word.Contains("$@", StringComparison.Ordinal);

    /// <summary>Cuts at what ends a command, outside of quotes and substitutions.</summary>
    private static IEnumerable<string> Commands(string line)
    {
        int start = 0, depth = 0;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\')
            {
                i++;
            }
            else if (quote != 0)
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '(' && i > 0 && line[i - 1] == '$')
            {
                depth++;
            }
            else if (c == ')' && depth > 0)
            {
                depth--;
            }
            else if (depth == 0 && c is ';' or '|' or '&' or '(' or ')' or '`' && !(c == '&' && i > 0 && line[i - 1] == '>'))
            {
                yield return line[start..i];
                start = i + 1;
            }
        }

        yield return line[start..];
    }

    private static bool IsOpen(string word) => Substitution().IsMatch(word) || word.AsSpan().IndexOfAny('*', '?', '{') >= 0;

    private static string Unquoted(string text) => text.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)
        .Replace("\\", "", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:[^\s""'\\$]|\\.|""(?:[^""\\]|\\.)*""|'[^']*'|\$\([^)]*\)|\$\{[^}]*\}|\$)+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|\$[0-9@*#?!$-]|`[^`]*`|\{[^}]*\}|[*?]", RegexOptions.CultureInvariant)]
    private static partial Regex Substitution();

    [GeneratedRegex(@"^""?(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|\$[0-9@*])""?$", RegexOptions.CultureInvariant)]
    private static partial Regex WholeSubstitution();

    [GeneratedRegex(@"^[""\\]?(?:\S*/)?(?:ip6?tables|arptables|ebtables|ipset|nft)(?:-legacy|-nft)?(?:-restore)?""?$", RegexOptions.CultureInvariant)]
    private static partial Regex ToolWord();

    [GeneratedRegex(@"\|\||&&|^\s*(?:if|elif|while|until|!)\s", RegexOptions.CultureInvariant)]
    private static partial Regex Test();

    [GeneratedRegex(@"^[0-9&]*[<>]", RegexOptions.CultureInvariant)]
    private static partial Regex Redirection();
}
