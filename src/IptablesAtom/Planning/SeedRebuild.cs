namespace IptablesAtom.Planning;

/// <summary>
/// Tells from a script's calls whether it may have written rules anew that it did not make: by <c>iptables-save | ... | iptables-restore</c>, or by
/// <c>iptables -Z</c> (which in nf_tables replaces the rules, and in a legacy table takes the seed's mark away).
/// </summary>
public static class SeedRebuild
{
    /// <summary>True if so. In doubt true: then a rule stays foreign that could be ours, and nothing is ever lost.</summary>
    /// <param name="calls">The words of each call of a firewall tool, argument 0 first.</param>
    public static bool IsPossible(IEnumerable<IReadOnlyList<string>> calls)
    {
        bool isListed = false, isRestored = false, isZeroed = false, isFlushed = false;
        foreach (IReadOnlyList<string> words in calls)
        {
            string tool = words[0][(words[0].LastIndexOf('/') + 1)..];
            if (tool.EndsWith("-restore", StringComparison.Ordinal))
            {
                isRestored = true;
                continue;
            }

            isListed |= tool.EndsWith("-save", StringComparison.Ordinal) || Has(words, "--list-rules", 'S');
            isZeroed |= Has(words, "--zero", 'Z');
            isFlushed |= Has(words, "--flush", 'F');
        }

        return (isListed && isRestored) || (isZeroed && !isFlushed);
    }

    /// <summary>The long form, or the letter alone or among other letters (<c>-nvZ</c>).</summary>
    private static bool Has(IReadOnlyList<string> words, string option, char letter) => words.Skip(1).Any(word =>
        word == option || (word.Length > 1 && word[0] == '-' && word[1] != '-' && word.AsSpan(1).Contains(letter)
            && word.AsSpan(1).IndexOfAnyExceptInRange('A', 'z') < 0 && word.Length <= 6));
}
