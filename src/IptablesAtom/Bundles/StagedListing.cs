using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Bundles;

/// <summary>A staged firewall in the words of the tools that would load it again: the files of a bundle.</summary>
/// <remarks>
/// The tools' listing is compared with the kernel's own count of chains and rules: a table that a tool cannot show whole ends the build, because a bundle
/// that lacks a rule would be worse than none.
/// </remarks>
internal sealed class StagedListing(Snapshot staged, NetworkNamespace inside)
{
    private static readonly Dictionary<string, string> Environment = new() { ["LC_ALL"] = "C" };

    /// <summary>All files, in the order of their tables; sets come first, because rules name them.</summary>
    /// <exception cref="BundleException">A tool is missing, or does not show all that is there.</exception>
    internal IEnumerable<BundleFile> Files()
    {
        if (staged.Sets.Count > 0)
        {
            yield return File("ipset.save", SaveText.OfSets(Run("ipset", "-s", "save")), "ipset");
        }

        Table[] tables = [.. staged.Tables.OrderBy(table => table.Id, Comparer<TableId>.Create(TableId.Compare))];
        foreach (IGrouping<string, Table> group in tables.Where(table => table.Id.IsXtables).GroupBy(table => ToolOf(table.Id)))
        {
            string text = SaveText.OfTables(Run($"{group.Key}-save"));
            Check(group.Key, text, [.. group]);
            yield return File($"{group.Key}.save", text, group.Key);
        }

        string native = string.Concat(tables.Where(table => !table.Id.IsXtables).Select(table => Run("nft", "-s", "-n", "list", "table", table.Id.Family.NftName, table.Id.Name)));
        if (native.Length > 0)
        {
            yield return File("tables.nft", native, "nft");
        }
    }

    private static string ToolOf(TableId id)
    {
        string backend = id.Backend == Backend.Nft ? "nft" : "legacy";
        return id.Family switch
        {
            Family.Ipv4 => $"iptables-{backend}",
            Family.Ipv6 => $"ip6tables-{backend}",
            Family.Arp => $"arptables-{backend}",
            Family.Bridge => $"ebtables-{backend}",
            _ => throw new BundleException($"the table {id} cannot be written into a bundle"),
        };
    }

    /// <summary>Every table has its line <c>*table</c>, every rule a line <c>-A</c>.</summary>
    private static void Check(string tool, string text, IReadOnlyList<Table> tables)
    {
        string[] lines = text.Split('\n');
        int rules = lines.Count(line => line.StartsWith("-A ", StringComparison.Ordinal));
        int expected = tables.Sum(table => table.Chains.Sum(chain => chain.Rules.Count));
        Table? missing = tables.FirstOrDefault(table => !lines.Contains($"*{table.Id.Name}"));
        if (missing is not null || rules != expected)
        {
            string where = missing is null ? string.Join(", ", tables.Select(table => table.Id)) : missing.Id.ToString();
            throw new BundleException(
                $"{tool}-save shows {rules} of the {expected} rules in {where}, perhaps because nft added rules to a table of iptables' names: give nft tables other names");
        }
    }

    private BundleFile File(string name, string text, string tool)
    {
        string version = Run(tool, tool == "ipset" ? "-v" : "-V").Split('\n')[0].Trim();
        return new BundleFile(name, Encoding.Latin1.GetBytes(text), version);
    }

    /// <summary>The output byte for byte, as Latin-1: a comment of a rule may be in any encoding.</summary>
    private string Run(params string[] command)
    {
        CapturedRun run = Spawn.Capture(inside, command, environment: Environment);
        return run.Status.IsSuccess
            ? Encoding.Latin1.GetString(run.Output)
            : throw new BundleException($"{string.Join(' ', command)} failed: {run.ErrorText.Trim()}");
    }
}
