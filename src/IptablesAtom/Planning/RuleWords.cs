using System.Text;
using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>The words in a rule's bytes: interface names, comments, prefixes, whatever the extension.</summary>
/// <remarks>
/// In both backends a name stands NUL-padded in a field of its own, behind a byte that is no letter (the header of an
/// attribute, a mask, a revision). So the printable runs are the words, without knowing any extension. Only the presets of
/// a first run look at them; what they take wrongly stays where it is.
/// </remarks>
internal static class RuleWords
{
    private const int Shortest = 3;
    private const int Longest = 256;

    internal delegate bool Test(ReadOnlySpan<char> word);

    /// <summary>True if any word passes the test.</summary>
    internal static bool Any(Rule rule, Test test) => Any(rule.Raw, test) || Comment(rule) is { } comment && test(comment);

    /// <summary>nft: the comment in a rule's user data (NFTNL_UDATA_RULE_COMMENT: a type and a length byte, then text), or null.</summary>
    private static string? Comment(Rule rule)
    {
        byte[] data = rule.UserData;
        for (int at = 0; at + 2 <= data.Length && at + 2 + data[at + 1] <= data.Length; at += 2 + data[at + 1])
        {
            if (data[at] == 0)
            {
                return Encoding.Latin1.GetString(data, at + 2, data[at + 1]).TrimEnd('\0');
            }
        }

        return null;
    }

    private static bool Any(ReadOnlySpan<byte> bytes, Test test)
    {
        Span<char> word = stackalloc char[Longest];
        int length = 0;
        foreach (byte value in bytes)
        {
            if (value is >= 0x20 and < 0x7f)
            {
                if (length < Longest)
                {
                    word[length++] = (char)value;
                }

                continue;
            }

            if (length >= Shortest && test(word[..length]))
            {
                return true;
            }

            length = 0;
        }

        return length >= Shortest && test(word[..length]);
    }
}
