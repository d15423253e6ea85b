using System.Globalization;
using IptablesAtom.Planning;

namespace IptablesAtom.Cli.Rendering;

/// <summary>A plan in a sentence.</summary>
internal static class PlanSummary
{
    /// <summary>For example: <c>12 rules to add, 3 to remove, 1 moved in 2 tables; 1 set changes by +4 -2 entries</c>.</summary>
    /// <param name="diff">The differences.</param>
    /// <param name="isDone">True after the commit: what was to add is added.</param>
    internal static string Of(PlanDiff diff, bool isDone = false)
    {
        if (diff.IsEmpty)
        {
            return "nothing to change";
        }

        List<string> rules = [];
        Add(diff.RulesAdded, isDone ? "added" : "to add");
        Add(diff.RulesRemoved, isDone ? "removed" : "to remove");
        Add(diff.RulesMoved, "moved");
        List<string> parts = [];
        if (rules.Count > 0)
        {
            int tables = diff.Tables.Count(table => table.Chains.Any(chain => chain.Rules.Count > 0));
            parts.Add($"{string.Join(", ", rules)} in {Number(tables, "table")}");
        }

        int policies = diff.Tables.Sum(table => table.Chains.Count(chain => chain.PolicyDiffers));
        if (policies > 0)
        {
            parts.Add($"{Number(policies, "policy", "policies")} {(isDone ? "set" : "to set")}");
        }

        int chains = diff.Tables.Sum(table => table.Chains.Count(chain => !chain.IsBase && chain.Kind != ChangeKind.Keep));
        if (chains > 0 && rules.Count == 0)
        {
            parts.Add($"{Number(chains, "chain")} {(isDone ? "added or removed" : "to add or remove")}");
        }

        if (diff.Sets.Count > 0)
        {
            string change = isDone ? "changed" : diff.Sets.Count == 1 ? "changes" : "change";
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Number(diff.Sets.Count, "set")} {change} by +{diff.Sets.Sum(set => set.Added.Count)} -{diff.Sets.Sum(set => set.Removed.Count)} entries"));
        }

        return parts.Count > 0 ? string.Join("; ", parts) : $"{Number(diff.Tables.Count, "table")} {(isDone ? "changed" : "to change")}";

        void Add(int count, string what)
        {
            if (count > 0)
            {
                rules.Add(rules.Count == 0 ? $"{Number(count, "rule")} {what}" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    /// <summary>For example: <c>14 rules and 3 chains of Docker, 2 rules of others</c>.</summary>
    internal static string Kept(IReadOnlyList<KeptForeign> kept) => string.Join(
        ", ",
        kept.OrderBy(one => one.Program.Length == 0).Select(one => string.Join(
            " and ",
            new[] { (one.Rules, "rule"), (one.Chains, "chain") }.Where(part => part.Item1 > 0).Select(part => Number(part.Item1, part.Item2)))
            + (one.Program switch { "" => " of others", "--keep" => " named with --keep", _ => $" of {one.Program}" })));

    private static string Number(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? $"{one}s")}");
}
