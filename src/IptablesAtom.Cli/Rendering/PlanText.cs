using System.Globalization;
using IptablesAtom.Model;
using IptablesAtom.Planning;

namespace IptablesAtom.Cli.Rendering;

/// <summary>A plan in the words of iptables-save, ipset save and nft: + what comes, - what goes, ~ what moves or changes.</summary>
internal sealed class PlanText(TextWriter writer, bool colour)
{
    private const string NoWords = "(a rule that the tools here do not show)";

    internal void Write(PlanDiff diff)
    {
        foreach (TableDiff table in diff.Tables)
        {
            Write(table);
        }

        if (diff.Sets.Count > 0)
        {
            writer.WriteLine("ipset");
            foreach (SetDiff set in diff.Sets)
            {
                Write(set);
            }

            writer.WriteLine();
        }

        if (diff.Kept.Count > 0 && !diff.IsEmpty)
        {
            writer.WriteLine($"kept: {PlanSummary.Kept(diff.Kept)}");
        }

        writer.WriteLine(PlanSummary.Of(diff));
    }

    private void Write(TableDiff table)
    {
        writer.WriteLine(table.Id.ToString());
        if (!table.Id.IsXtables && table.Kind != ChangeKind.Keep)
        {
            Line(table.Kind, $"table {table.Id.Family.NftName} {table.Id.Name}");
        }

        if (table.ContentDiffers)
        {
            Line(table.Kind == ChangeKind.Keep ? ChangeKind.Move : table.Kind, "sets, maps or objects of the table");
        }

        foreach (ChainDiff chain in table.Chains.Where(chain => chain.Kind != ChangeKind.Remove))
        {
            WriteFrame(table.Id, chain);
        }

        foreach (ChainDiff chain in table.Chains)
        {
            foreach (RuleDiff rule in chain.Rules)
            {
                Write(table.Id, chain.Name, rule);
            }
        }

        foreach (ChainDiff chain in table.Chains.Where(chain => chain.Kind == ChangeKind.Remove))
        {
            WriteFrame(table.Id, chain);
        }

        writer.WriteLine();
    }

    private void WriteFrame(TableId table, ChainDiff chain)
    {
        // A base chain of iptables that comes or goes with policy ACCEPT is no news: it is always there.
        bool isAlwaysThere = chain.Kind == ChangeKind.Keep || (table.IsXtables && chain.IsBase);
        if (isAlwaysThere && !chain.PolicyDiffers)
        {
            return;
        }

        string name = table.IsXtables ? $":{chain.Name}" : $"chain {table.Family.NftName} {table.Name} {chain.Name}";
        string policy = chain.Kind == ChangeKind.Keep ? $"{Word(chain.OldPolicy)} -> {Word(chain.NewPolicy)}"
            : chain.IsBase ? Word(chain.NewPolicy ?? chain.OldPolicy)
            : table.IsXtables ? "-" : "";
        Line(chain.Kind == ChangeKind.Keep ? ChangeKind.Move : chain.Kind, $"{name} {policy}".TrimEnd());
    }

    private void Write(TableId table, string chain, RuleDiff rule)
    {
        string words = rule.Rule.Text ?? NoWords;
        string text = table.IsXtables && rule.Rule.Text?.StartsWith("-A", StringComparison.Ordinal) == true ? words
            : table.IsXtables ? $"-A {chain} {words}"
            : $"rule {table.Family.NftName} {table.Name} {chain} {words}";
        if (rule.Kind == ChangeKind.Move)
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{text}  (moved, now number {rule.Number})");
        }

        Line(rule.Kind, rule.Kind != ChangeKind.Remove && rule.Rule.Origin is { } origin ? $"{text}  # {origin}" : text);
    }

    private void Write(SetDiff set)
    {
        if (set.Kind == ChangeKind.Add)
        {
            Line(ChangeKind.Add, $"create {set.Name} {set.TypeName}");
        }
        else if (set.HeaderDiffers)
        {
            Line(ChangeKind.Move, $"create {set.Name} {set.TypeName}  (its type or options change)");
        }

        foreach (string entry in set.Removed)
        {
            Line(ChangeKind.Remove, $"add {set.Name} {entry}");
        }

        foreach (string entry in set.Added)
        {
            Line(ChangeKind.Add, $"add {set.Name} {entry}");
        }

        if (set.Kind == ChangeKind.Remove)
        {
            Line(ChangeKind.Remove, $"create {set.Name} {set.TypeName}");
        }
    }

    private void Line(ChangeKind kind, string text)
    {
        (char sign, string code) = kind switch
        {
            ChangeKind.Add => ('+', "32"),
            ChangeKind.Remove => ('-', "31"),
            _ => ('~', "33"),
        };
        writer.WriteLine(colour ? $"\u001b[{code}m{sign} {text}\u001b[0m" : $"{sign} {text}");
    }

    private static string Word(Policy? policy) => policy == Policy.Drop ? "DROP" : "ACCEPT";
}
