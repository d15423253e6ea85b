using System.Text;
using System.Text.RegularExpressions;

namespace IptablesAtom.Bundles;

/// <summary>Takes out of the tools' listings what differs from one run to the next: times, counters, and the kernel's random numbers.</summary>
internal static partial class SaveText
{
    /// <summary>Of <c>iptables-save</c> and its relatives: comments hold the date, and a built-in chain its counters.</summary>
    internal static string OfTables(string text) => Lines(text, line => line.StartsWith('#') || line.Length == 0 ? null
        : line.StartsWith(':') ? ChainCounters().Replace(line, "[0:0]") : line);

    /// <summary>
    /// Of <c>ipset save</c>: initval is the seed of the kernel's hash, and hashsize says how far the table grew, which depends on that seed. Both only
    /// decide how fast a set is; without them the kernel begins small and grows again.
    /// </summary>
    internal static string OfSets(string text) => Lines(text, line => line.StartsWith("create ", StringComparison.Ordinal) ? HashNumbers().Replace(line, "") : line);

    private static string Lines(string text, Func<string, string?> change)
    {
        StringBuilder kept = new(text.Length);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (change(line) is { } changed)
            {
                kept.Append(changed).Append('\n');
            }
        }

        return kept.ToString();
    }

    [GeneratedRegex(@"\[\d+:\d+\]$")]
    private static partial Regex ChainCounters();

    [GeneratedRegex(@" (hashsize \d+|initval 0x[0-9a-f]+)(?= |$)")]
    private static partial Regex HashNumbers();
}
