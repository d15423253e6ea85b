namespace IptablesAtom.Planning;

/// <summary>
/// Tells from a script's calls which ipsets it emptied or destroyed. A set that is left out of the seed does not show it: there the call found nothing
/// to empty, where a direct run would have taken away what other scripts had put in.
/// </summary>
public sealed class SetEmptying
{
    private static readonly string[] Verbs = ["flush", "-F", "--flush", "destroy", "-X", "x", "--destroy"];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _isAll;

    private SetEmptying(IEnumerable<IReadOnlyList<string>> calls)
    {
        foreach (IReadOnlyList<string> words in calls)
        {
            string[] rest = [.. words.Skip(1).SkipWhile(word => !Verbs.Contains(word))];
            if (rest.Length > 0 && words[0][(words[0].LastIndexOf('/') + 1)..] == "ipset")
            {
                string? name = rest.Skip(1).FirstOrDefault(word => !word.StartsWith('-'));
                _isAll |= name is null;
                _names.Add(name ?? "");
            }
        }
    }

    /// <summary>Nothing was emptied.</summary>
    public static SetEmptying None { get; } = new([]);

    /// <summary>Reads the calls.</summary>
    /// <param name="calls">The words of each call of a firewall tool, argument 0 first.</param>
    public static SetEmptying Of(IEnumerable<IReadOnlyList<string>> calls) => new(calls);

    /// <summary>True if the script emptied or destroyed that set, or all.</summary>
    /// <param name="set">Its name.</param>
    public bool Has(string set) => _isAll || _names.Contains(set);
}
