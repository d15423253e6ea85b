using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Interception;

/// <summary>What a call of iptables-restore was given, as the calls of iptables that it amounts to: so its rules have places too.</summary>
/// <remarks>
/// The text is read afterwards: a here-document from the script, a file from the file. What cannot be found again gives no calls, and then
/// the chain's rules have no origin.
/// </remarks>
internal static partial class RestoreText
{
    /// <summary>True of the tools that read such a text, by their name or path.</summary>
    internal static bool IsRestore(string tool) => tool.EndsWith("tables-restore", StringComparison.Ordinal);

    /// <summary>The calls, with the place of each line; none if the text is not found.</summary>
    /// <param name="restore">A call of a restore tool that succeeded.</param>
    /// <param name="script">The script's text.</param>
    internal static IEnumerable<CallRecord> Calls(CallRecord restore, string script)
    {
        if (restore.Words.Any(word => word is "-t" or "--test"))
        {
            return [];
        }

        if (restore.InputFile is { } file)
        {
            return File.Exists(file) ? Calls(restore, file, File.ReadAllLines(file), 0) : [];
        }

        string[] lines = restore.Line > 0 ? script.Split('\n') : [];
        if (restore.Line > lines.Length || lines.Length == 0 || HereDocument().Match(lines[restore.Line - 1]) is not { Success: true } start)
        {
            return [];
        }

        IEnumerable<string> text = lines.Skip(restore.Line).TakeWhile(line => (start.Groups[1].Length > 0 ? line.TrimStart('\t') : line) != start.Groups[2].Value);
        return Calls(restore, restore.File, text, restore.Line);
    }

    private static IEnumerable<CallRecord> Calls(CallRecord restore, string file, IEnumerable<string> lines, int before)
    {
        string tool = restore.Words[0].Replace("-restore", "", StringComparison.Ordinal);
        bool keeps = restore.Words.Any(word => word is "-n" or "--noflush");
        string table = "filter";
        int number = before;
        foreach (string line in lines)
        {
            number++;
            List<string> words = RestoreLine.Split(line.Trim()) ?? [];
            switch (words)
            {
                case [['*', .. var name], ..]:
                    table = name;
                    if (!keeps)
                    {
                        yield return Call("-F");
                    }

                    break;
                case [[':', .. var chain], "-", ..]:
                    yield return Call("-F", chain);
                    break;
                case [['[', ..], .. var counted]:
                    yield return Call([.. counted]);
                    break;
                case [['-', ..], ..]:
                    yield return Call([.. words]);
                    break;
            }

            CallRecord Call(params string[] arguments) => new([tool, "-t", table, .. arguments], file, number) { Status = 0 };
        }
    }

    [GeneratedRegex(@"<<(-?)\s*\\?[""']?([\w.-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex HereDocument();
}
