using System.Buffers;
using System.Text;

namespace IptablesAtom.Staging.Interception;

/// <summary>Words as a line of iptables-restore, and back.</summary>
internal static class RestoreLine
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,=-");

    /// <summary>The line, without its end. Inside quotes the tool knows \" and \\ only, and takes every other byte as it is.</summary>
    internal static string Join(IEnumerable<string> words)
    {
        StringBuilder line = new();
        foreach (string word in words)
        {
            if (line.Length > 0)
            {
                line.Append(' ');
            }

            if (word.Length > 0 && word[0] != ':' && word.AsSpan().IndexOfAnyExcept(Plain) < 0)
            {
                line.Append(word);
                continue;
            }

            line.Append('"');
            foreach (char c in word)
            {
                if (c is '"' or '\\')
                {
                    line.Append('\\');
                }

                line.Append(c);
            }

            line.Append('"');
        }

        return line.ToString();
    }

    /// <summary>The words of a line as the save tools write it; null if a quote is not closed.</summary>
    internal static List<string>? Split(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool quoted = false, started = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"')
            {
                (quoted, started) = (!quoted, true);
            }
            else if (c == '\\' && quoted && i + 1 < line.Length)
            {
                word.Append(line[++i]);
            }
            else if (c == ' ' && !quoted)
            {
                End();
            }
            else
            {
                word.Append(c);
                started = true;
            }
        }

        End();
        return quoted ? null : words;

        void End()
        {
            if (started)
            {
                words.Add(word.ToString());
                word.Clear();
                started = false;
            }
        }
    }
}
