using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Interception;

/// <summary>Finds the line of a script that a call came from, where the shell did not tell: by comparing the call with the script's text.</summary>
internal sealed class CallPlaces
{
    private readonly Dictionary<string, List<CommandPattern>> _literal = new(StringComparer.Ordinal);
    private readonly List<CommandPattern> _patterns = [];
    private int _last;

    private CallPlaces(string script, Regex? toolWord)
    {
        foreach (CommandPattern pattern in CommandPattern.All(script, toolWord))
        {
            if (pattern.Literal is { } words)
            {
                if (!_literal.TryGetValue(words, out List<CommandPattern>? same))
                {
                    _literal.Add(words, same = []);
                }

                same.Add(pattern);
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
    /// <param name="toolWord">What names their tools in it; null for firewall tools.</param>
    internal static void Find(IEnumerable<CallRecord> calls, string file, string script, Regex? toolWord = null)
    {
        CallPlaces? places = null;
        foreach (CallRecord call in calls.Where(call => call.Line == 0))
        {
            places ??= new CallPlaces(script, toolWord);
            call.File = file;
            (call.Line, bool isTested) = places.PlaceOf(call.Words);
            call.IsTested = isTested;
            call.IsHandled ??= call.Status > 0 && isTested ? true : null;
        }
    }

    /// <summary>The line, or 0; and whether the script looks at the status there.</summary>
    private (int Line, bool IsTested) PlaceOf(IReadOnlyList<string> words)
    {
        IReadOnlyList<string> arguments = [.. words.Skip(1)];
        if (!_literal.TryGetValue(string.Join('\0', arguments), out List<CommandPattern>? candidates))
        {
            candidates = [];
            foreach (CommandPattern pattern in _patterns)
            {
                int best = candidates.Count > 0 ? candidates[0].Weight : 0;
                if (pattern.Weight >= best && pattern.Matches(arguments))
                {
                    if (pattern.Weight > best)
                    {
                        candidates.Clear();
                    }

                    candidates.Add(pattern);
                }
            }
        }

        if (candidates.Count == 0)
        {
            return (0, false);
        }

        // Of several lines that fit, the next one from where the script was last: most scripts run downwards.
        CommandPattern found = candidates.Find(candidate => candidate.Line >= _last) ?? candidates[0];
        _last = found.Line;
        return (found.Line, found.IsTested);
    }
}
