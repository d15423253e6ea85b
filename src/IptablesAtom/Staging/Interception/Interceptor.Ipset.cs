using System.Buffers;

namespace IptablesAtom.Staging.Interception;

/// <summary>Calls of ipset.</summary>
internal sealed partial class Interceptor
{
    /// <summary>Its parser's buffers are 32 words and 1,024 bytes.</summary>
    private const int MaxIpsetWords = 28, MaxIpsetBytes = 900;

    private static readonly SearchValues<char> NotInIpsetWords = SearchValues.Create("\"'\\ \t\n#");

    private Answer DecideIpset(IReadOnlyList<string> words)
    {
        string? command = null;
        bool isPlain = words.Count <= MaxIpsetWords && words.Sum(word => word.Length + 1) <= MaxIpsetBytes;
        foreach (string word in words.Skip(1))
        {
            isPlain &= word.Length > 0 && word.AsSpan().IndexOfAny(NotInIpsetWords) < 0;
            command ??= word is "-!" or "-exist" or "--exist" ? null : word;
        }

        bool replaces = false; // a name may mean another set afterwards
        switch (command)
        {
            case "create" or "-N" or "--create" or "add" or "-A" or "--add" or "del" or "-D" or "--del":
                break;
            case "flush" or "-F" or "--flush" or "destroy" or "-X" or "--destroy" or "swap" or "-W" or "--swap" or "rename" or "-E" or "--rename":
                // A rule that waits may refer to a set, or be the one that referred to it.
                FlushAll();
                DropNft();
                replaces = command is not ("flush" or "-F" or "--flush");
                break;
            case { } reading when ReadingCall.IsOfIpset(reading):
                FlushAll(); // listings count the references of rules
                return Answer.Query;
            default:
                FlushAll();
                DropNft();
                DropIpset();
                return Answer.Change;
        }

        // -exist stays in force for all later lines of an interactive ipset.
        bool exist = words.Any(word => word is "-!" or "-exist" or "--exist");
        bool isTried = isPlain && words.Skip(1).All(IsIpsetWord);
        if (isTried && (exist ? _ipsetExist : _ipset).Run(string.Join(' ', words.Skip(1))))
        {
            if (replaces)
            {
                (exist ? _ipset : _ipsetExist).Dispose();
            }

            return Answer.Done;
        }

        FlushAll();
        DropNft();
        if (replaces && !isTried)
        {
            DropIpset(); // a line that was refused the real tool refuses as well, and nothing is replaced
        }

        return Answer.Change;
    }

    /// <summary>An ipset process remembers the types of sets by their names, and reads the words of later lines by that.</summary>
    private void DropIpset()
    {
        _ipset.Dispose();
        _ipsetExist.Dispose();
    }

    /// <summary>Options of the command line that an interactive line treats otherwise, or that ask for output, are not taken.</summary>
    private static bool IsIpsetWord(string word) =>
        !word.StartsWith('-') || word is "-!" or "-exist" or "--exist" or "-N" or "-A" or "-D" or "-F" or "-X" or "-W" or "-E";
}
