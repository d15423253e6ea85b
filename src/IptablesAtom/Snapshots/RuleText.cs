using System.Buffers;
using System.Globalization;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Snapshots;

/// <summary>Gives rules their words, as the real tools write them: for people only, never for a decision.</summary>
/// <remarks>
/// A rule is found by its position in its chain (native nft: by its handle). If the tool shows another number of rules than the
/// snapshot has, because somebody changed them or the tool cannot show one, the chain's rules stay without text: no text is
/// better than a wrong one. A tool that is missing or refuses a table costs the text, nothing else.
/// </remarks>
public static class RuleText
{
    private static readonly SearchValues<char> CounterCharacters = SearchValues.Create(" 0123456789");

    // C: messages and numbers as the parser expects them. The lock is not taken by these tools.
    private static readonly Dictionary<string, string> Environment = new() { ["LC_ALL"] = "C" };

    /// <summary>Sets <see cref="Rule.Text"/> of all rules that have none.</summary>
    /// <param name="snapshot">As read from the namespace.</param>
    /// <param name="inside">The namespace, as it still is.</param>
    /// <param name="only">The tables that matter; null for all.</param>
    public static void Fill(Snapshot snapshot, NetworkNamespace inside, IReadOnlyCollection<TableId>? only = null)
    {
        IEnumerable<Table> tables = snapshot.Tables.Where(table =>
            (only is null || only.Contains(table.Id)) && table.Chains.Any(chain => chain.Rules.Any(rule => rule.Text is null)));
        foreach (IGrouping<string?, Table> group in tables.GroupBy(table => SaveTool(table.Id)))
        {
            Dictionary<string, Table> byName = group.Key is null ? [] : group.ToDictionary(table => table.Id.Name);
            if (group.Key is not null && Run(inside, group.Count() == 1 && HasTableOption(group.Key)
                ? [group.Key, "-t", group.First().Id.Name]
                : [group.Key]) is { } text)
            {
                FromSave(text, byName);
            }

            // Native tables, and those of iptables' names in which somebody used nft: the save tools refuse these.
            foreach (Table table in group.Where(table => table.Id.Backend == Backend.Nft && table.Chains.Any(HasNoText)))
            {
                if (Run(inside, ["nft", "-a", "-n", "list", "table", table.Id.Family.NftName, table.Id.Name]) is { } listing)
                {
                    FromListing(listing, table);
                }
            }
        }
    }

    private static bool HasNoText(Chain chain) => chain.Rules.Any(rule => rule.Text is null);

    private static string? SaveTool(TableId id) => (id.Backend, id.Family, id.IsXtables) switch
    {
        (_, _, false) => null,
        (Backend.Nft, Family.Ipv4, _) => "iptables-nft-save",
        (Backend.Nft, Family.Ipv6, _) => "ip6tables-nft-save",
        (Backend.Nft, Family.Arp, _) => "arptables-nft-save",
        (Backend.Nft, Family.Bridge, _) => "ebtables-nft-save",
        (Backend.Legacy, Family.Ipv4, _) => "iptables-legacy-save",
        (Backend.Legacy, Family.Ipv6, _) => "ip6tables-legacy-save",
        (Backend.Legacy, Family.Arp, _) => "arptables-legacy-save",
        _ => null,
    };

    private static bool HasTableOption(string tool) => tool.StartsWith("ip", StringComparison.Ordinal);

    private static string? Run(NetworkNamespace inside, IReadOnlyList<string> command)
    {
        try
        {
            CapturedRun run = Spawn.Capture(inside, command, environment: Environment);
            return run.Status.IsSuccess ? Encoding.Latin1.GetString(run.Output) : null;
        }
        catch (Exception exception) when (exception is ProgramMissingException or SpawnException)
        {
            return null;
        }
    }

    /// <summary><c>*table</c>, <c>:CHAIN POLICY [packets:bytes]</c>, <c>-A CHAIN ...</c></summary>
    internal static void FromSave(string text, IReadOnlyDictionary<string, Table> tables)
    {
        string table = "";
        Dictionary<(string Table, string Chain), List<string>> found = [];
        foreach (ReadOnlySpan<char> whole in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = WithoutCounters(whole);
            if (line.StartsWith("*"))
            {
                table = line[1..].Trim().ToString();
            }
            else if (line.StartsWith("-A "))
            {
                ReadOnlySpan<char> rest = line[3..];
                string chain = (rest.IndexOf(' ') is var end and >= 0 ? rest[..end] : rest).ToString();
                if (!found.TryGetValue((table, chain), out List<string>? lines))
                {
                    found[(table, chain)] = lines = [];
                }

                lines.Add(line.TrimEnd().ToString());
            }
        }

        foreach (((string name, string chainName), List<string> lines) in found)
        {
            if (tables.GetValueOrDefault(name)?.Find(chainName) is { } chain && chain.Rules.Count == lines.Count)
            {
                for (int index = 0; index < lines.Count; index++)
                {
                    chain.Rules[index].Text ??= lines[index];
                }
            }
        }
    }

    /// <summary>A rule is what ends with its handle: <c>ip saddr 1.2.3.4 drop # handle 7</c>.</summary>
    internal static void FromListing(string text, Table table)
    {
        const string Mark = " # handle ";
        Dictionary<ulong, Rule> rules = table.Chains.SelectMany(chain => chain.Rules).ToDictionary(rule => rule.Handle);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int mark = line.LastIndexOf(Mark);
            if (mark > 0 && !line[..mark].EndsWith("{")
                && ulong.TryParse(line[(mark + Mark.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong handle)
                && rules.TryGetValue(handle, out Rule? rule))
            {
                rule.Text ??= WithoutListedCounters(line[..mark].Trim().ToString());
            }
        }
    }

    /// <summary>iptables-save -c, and older tools always, begin with <c>[packets:bytes]</c>; ebtables ends with <c>-c packets bytes</c>.</summary>
    private static ReadOnlySpan<char> WithoutCounters(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("[") && line.IndexOf("] ") is var end and >= 0)
        {
            line = line[(end + 2)..];
        }

        // The last three words can only be counters where both are numbers and no quoted text is open.
        int counters = line.LastIndexOf(" -c ");
        return counters >= 0 && !line[(counters + 4)..].ContainsAnyExcept(CounterCharacters) ? line[..counters] : line;
    }

    private static string WithoutListedCounters(string rule)
    {
        const string Packets = "counter packets ";
        int start = rule.IndexOf(Packets, StringComparison.Ordinal);
        if (start < 0)
        {
            return rule;
        }

        string[] words = rule[(start + "counter ".Length)..].Split(' ');
        return words is ["packets", _, "bytes", _, ..] ? $"{rule[..start]}counter{string.Concat(words[4..].Select(word => $" {word}"))}" : rule;
    }
}
