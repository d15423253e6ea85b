using System.Globalization;

namespace IptablesAtom.Staging.Interception;

/// <summary>Which chain a call is about, whatever else stands in it: enough to follow where rules are, not to batch them.</summary>
internal sealed record CallOutline(string Table, char Command, string? Chain, int? Number, IReadOnlyList<string> Rule)
{
    /// <summary>How many rules it makes: one for each pair of its source and destination addresses.</summary>
    internal int RuleCount => Addresses("-s", "--source", "--src") * Addresses("-d", "--destination", "--dst");

    /// <summary>Reads a call; null if there is no command in it.</summary>
    internal static CallOutline? Of(IReadOnlyList<string> words)
    {
        string table = "filter";
        char command = '\0';
        string? chain = null;
        int? number = null;
        List<string> rule = [];
        for (int i = 1; i < words.Count; i++)
        {
            string word = words[i];
            if (word is "-t" or "--table" && i + 1 < words.Count)
            {
                table = words[++i];
            }
            else if (word.StartsWith("-t", StringComparison.Ordinal) || word.StartsWith("--table=", StringComparison.Ordinal))
            {
                table = word[(word.StartsWith("-t", StringComparison.Ordinal) ? 2 : 8)..];
            }
            else if (command == 0 && CallParser.CommandOf(word) is { } found)
            {
                command = found;
                chain = i + 1 < words.Count && !words[i + 1].StartsWith('-') ? words[++i] : null;
                if (chain is not null && i + 1 < words.Count
                    && int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int parsed))
                {
                    number = parsed;
                    i++;
                }
            }
            else if (word is "-w" or "--wait" && i + 1 < words.Count && words[i + 1].All(char.IsAsciiDigit))
            {
                i++;
            }
            else if (word is not ("-w" or "--wait" or "-v" or "-n"))
            {
                rule.Add(word);
            }
        }

        return command == 0 ? null : new CallOutline(table, command, chain, number, rule);
    }

    private int Addresses(params ReadOnlySpan<string> options)
    {
        for (int i = 0; i + 1 < Rule.Count; i++)
        {
            if (options.Contains(Rule[i]))
            {
                return Rule[i + 1].Split(',').Length;
            }
        }

        return 1;
    }
}
