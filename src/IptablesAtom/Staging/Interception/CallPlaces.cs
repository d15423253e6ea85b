namespace IptablesAtom.Staging.Interception;

/// <summary>Finds the line of a script that a call came from, where the shell did not tell: by comparing the call with the script's text.</summary>
internal sealed class CallPlaces
{
    private readonly Dictionary<string, List<int>> _literal = new(StringComparer.Ordinal);
    private readonly List<CommandPattern> _patterns = [];
    private int _last;

    private CallPlaces(string script)
    {
        foreach (CommandPattern pattern in CommandPattern.All(script))
        {
            if (pattern.Literal is { } words)
            {
                if (!_literal.TryGetValue(words, out List<int>? lines))
                {
                    _literal.Add(words, lines = []);
                }

                lines.Add(pattern.Line);
            }
            else
            {
                _patterns.Add(pattern);
            }
        }
    }

    /// <summary>Gives a file and a line to every call that has none and that is found.</summary>
    /// <param name="calls">The calls, in order.</param>
    /// <param name="file">The script as the user named it.</param>
    /// <param name="script">Its text.</param>
    internal static void Find(IEnumerable<CallRecord> calls, string file, string script)
    {
        CallPlaces places = new(script);
        foreach (CallRecord call in calls.Where(call => call.Line == 0))
        {
            call.File = file;
            call.Line = places.LineOf(call.Words);
        }
    }

    /// <summary>The line, or 0.</summary>
    private int LineOf(IReadOnlyList<string> words)
    {
        IReadOnlyList<string> arguments = [.. words.Skip(1)];
        int line = _literal.TryGetValue(string.Join('\0', arguments), out List<int>? lines) ? Nearest(lines) : 0;
        if (line == 0)
        {
            int best = 0;
            List<int> candidates = [];
            foreach (CommandPattern pattern in _patterns.Where(pattern => pattern.Weight >= best && pattern.Matches(arguments)))
            {
                if (pattern.Weight > best)
                {
                    candidates.Clear();
                }

                best = pattern.Weight;
                candidates.Add(pattern.Line);
            }

            line = candidates.Count > 0 ? Nearest(candidates) : 0;
        }

        _last = line > 0 ? line : _last;
        return line;
    }

    /// <summary>Of several lines that fit, the next one from where the script was last: most scripts run downwards.</summary>
    private int Nearest(List<int> lines) => lines.Find(line => line >= _last) is var next and > 0 ? next : lines[0];
}
