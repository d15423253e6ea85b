using System.Globalization;
using System.Text;
using IptablesAtom.Sources;

namespace IptablesAtom.Staging.Interception;

/// <summary>A call of a firewall tool that the script made.</summary>
public sealed class CallRecord
{
    private readonly byte[] _words;

    internal CallRecord(IReadOnlyList<string> words, string file, int line)
    {
        _words = Encoding.Latin1.GetBytes(string.Join('\0', words));
        File = file;
        Line = line;
        AddsRule = words.Any(word => word is "-A" or "-I" or "--append" or "--insert") && !words[0].EndsWith("ipset", StringComparison.Ordinal);
    }

    /// <summary>The words of the call, argument 0 first.</summary>
    public IReadOnlyList<string> Words => Encoding.UTF8.GetString(_words).Split('\0');

    /// <summary>The words by their bytes, as the program got them.</summary>
    internal IReadOnlyList<byte[]> RawWords => [.. Encoding.Latin1.GetString(_words).Split('\0').Select(Encoding.Latin1.GetBytes)];

    /// <summary>The tool, without its directory.</summary>
    public string Tool => Words[0][(Words[0].LastIndexOf('/') + 1)..];

    /// <summary>The file in which the call stands; empty if the shell did not tell.</summary>
    public string File { get; internal set; }

    /// <summary>The line there, from 1; 0 if not known.</summary>
    public int Line { get; internal set; }

    /// <summary>The exit status as the shell's <c>$?</c> has it; null if nobody could tell.</summary>
    public int? Status { get; internal set; }

    /// <summary>True if it failed where the script looks at the status (<c>if</c>, <c>||</c>, <c>!</c>...); null if the shell did not tell, which it does not where messages are thrown away.</summary>
    public bool? IsHandled { get; internal set; }

    /// <summary>The file that a restore tool reads its text from; null if that is none, or if it is another tool.</summary>
    internal string? InputFile { get; set; }

    /// <summary>True if its messages went to /dev/null.</summary>
    public bool IsMessageDiscarded { get; internal set; }

    /// <summary>True if its line in the script looks at statuses, as far as the text tells.</summary>
    internal bool IsTested { get; set; }

    /// <summary>What the tool says of it; null if that is not known.</summary>
    public string? Message { get; internal set; }

    /// <summary>As in messages: place, words, status, and what the tool says.</summary>
    public override string ToString()
    {
        string place = File.Length == 0 ? "" : Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: ") : $"{File}: ";
        return string.Create(CultureInfo.InvariantCulture, $"{place}{ShellWords.Join(Words)}: exit status {Status}{(Message is null ? "" : $" ({Message})")}");
    }

    /// <summary>True if it asks for a rule to be added.</summary>
    internal bool AddsRule { get; }

    /// <summary>True if it was answered from the batch.</summary>
    internal bool WasBatched { get; set; }
}
