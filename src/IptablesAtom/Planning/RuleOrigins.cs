using IptablesAtom.Model;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging.Interception;
using ChainRules = System.Collections.Generic.Dictionary<
    string, System.Collections.Generic.List<IptablesAtom.Planning.RuleOrigins.MadeRule>>;

namespace IptablesAtom.Planning;

/// <summary>Gives each rule that the script made the call that made it, by following the calls through the chains.</summary>
/// <remarks>
/// A chain where calls and rules do not come out equal in number (a restore, rules made by other programs, names with several addresses)
/// gets no origins: none is better than a wrong one.
/// </remarks>
internal sealed class RuleOrigins
{
    private readonly Dictionary<(Family, Backend, string), ChainRules> _tables = [];
    private readonly Backend? _plain;

    /// <summary>A rule as its call gave it; without a call for one of the seed.</summary>
    internal readonly record struct MadeRule(CallRecord? Call, IReadOnlyList<string> Rule);

    private RuleOrigins(Snapshot seed, Backend? plain)
    {
        _plain = plain;
        foreach (Table table in seed.Tables.Where(table => table.Id.IsXtables))
        {
            _tables[(table.Id.Family, table.Id.Backend, table.Id.Name)] = table.Chains.ToDictionary(
                chain => chain.Name,
                chain => Enumerable.Repeat(new MadeRule(null, []), chain.Rules.Count).ToList(), StringComparer.Ordinal);
        }
    }

    /// <summary>Sets <see cref="Rule.Origin"/>.</summary>
    /// <param name="calls">All calls, in order, with their places.</param>
    /// <param name="seed">Staging before the script.</param>
    /// <param name="staged">Staging after it.</param>
    /// <param name="plain">The back-end of the plain names.</param>
    internal static void Assign(IEnumerable<CallRecord> calls, Snapshot seed, Snapshot staged, Backend? plain)
    {
        RuleOrigins origins = new(seed, plain);
        foreach (CallRecord call in calls.Where(call => call.Status is null or 0))
        {
            origins.Follow(call);
        }

        foreach (Table table in staged.Tables)
        {
            if (origins._tables.TryGetValue((table.Id.Family, table.Id.Backend, table.Id.Name), out var chains))
            {
                Assign(table, chains);
            }
        }
    }

    private static void Assign(Table table, ChainRules chains)
    {
        foreach (Chain chain in table.Chains)
        {
            if (!chains.TryGetValue(chain.Name, out var rules) || rules.Count != chain.Rules.Count)
            {
                continue;
            }

            for (int i = 0; i < rules.Count; i++)
            {
                if (rules[i].Call is { } call)
                {
                    chain.Rules[i].Origin = new Origin(call.File, call.Line, call.Words);
                }
            }
        }
    }

    private void Follow(CallRecord call)
    {
        Tool tool = Tool.Of(call.Words[0], _plain);
        if (tool.Kind != ToolKind.Command || CallOutline.Of(call.Words) is not { } outline)
        {
            return;
        }

        if (!_tables.TryGetValue((tool.Family, tool.Backend, outline.Table), out var chains))
        {
            chains = new(StringComparer.Ordinal);
            _tables.Add((tool.Family, tool.Backend, outline.Table), chains);
        }

        if (outline.Chain is not { } name)
        {
            Clear(chains, outline.Command);
            return;
        }

        if (!chains.TryGetValue(name, out var rules))
        {
            rules = [];
            chains.Add(name, rules);
        }

        Follow(call, outline, chains, name, rules);
    }

    private static void Clear(ChainRules chains, char command)
    {
        if (command == 'F')
        {
            foreach (var rules in chains.Values)
            {
                rules.Clear();
            }
        }
    }

    private static void Follow(
        CallRecord call,
        CallOutline outline,
        ChainRules chains,
        string name,
        List<MadeRule> rules)
    {
        int at = (outline.Number ?? 1) - 1;
        switch (outline.Command)
        {
            case 'A':
                rules.AddRange(Enumerable.Repeat(new MadeRule(call, outline.Rule), outline.RuleCount));
                break;
            case 'I' when at <= rules.Count:
                rules.InsertRange(at, Enumerable.Repeat(new MadeRule(call, outline.Rule), outline.RuleCount));
                break;
            case 'R' when at < rules.Count:
                rules[at] = new MadeRule(call, outline.Rule);
                break;
            case 'D' when outline.Number is not null && at < rules.Count:
                rules.RemoveAt(at);
                break;
            case 'D' when outline.Number is null:
                // In other words than it was made with: then the numbers differ in the end.
                int found = rules.FindIndex(rule => rule.Rule.SequenceEqual(outline.Rule));
                if (found >= 0)
                {
                    rules.RemoveRange(found, Math.Min(outline.RuleCount, rules.Count - found));
                }

                break;
            case 'F':
                rules.Clear();
                break;
            case 'X':
                chains.Remove(name);
                break;
            case 'E' when outline.Rule is [var renamed]:
                chains.Remove(name);
                chains[renamed] = rules;
                break;
        }
    }
}
