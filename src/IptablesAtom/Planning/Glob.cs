namespace IptablesAtom.Planning;

/// <summary>Patterns of names: <c>*</c> stands for any characters, <c>?</c> for one; all others for themselves.</summary>
internal static class Glob
{
    internal static bool Matches(string pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, restart = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*')
            {
                p++;
                t++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                restart = t;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++restart;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }

    internal static bool MatchesAny(IReadOnlyList<string> patterns, ReadOnlySpan<char> text)
    {
        foreach (string pattern in patterns)
        {
            if (Matches(pattern, text))
            {
                return true;
            }
        }

        return false;
    }
}
