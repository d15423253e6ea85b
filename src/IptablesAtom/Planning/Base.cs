using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>What this tool applied to a namespace: the third side of the merge. What is live and not in here is foreign.</summary>
/// <remarks>
/// Several sources can each have applied something (a firewall script, the up script of a VPN). Each rule is remembered with
/// the source that made it, so that running one of them again replaces its own rules only.
/// </remarks>
public sealed class Base
{
    /// <summary>The owner of what is not ours.</summary>
    public const int Foreign = -1;

    /// <summary>The sources that have something in here; the one applied last is the last.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The source that was applied last; null if nothing was ever applied.</summary>
    public string? Source => Sources.Count == 0 ? null : Sources[^1];

    /// <summary>Tables and chains with something of ours in them.</summary>
    public IReadOnlyDictionary<TableId, IReadOnlyDictionary<string, BaseChain>> Tables { get; init; } =
        new Dictionary<TableId, IReadOnlyDictionary<string, BaseChain>>();

    /// <summary>Sets with something of ours, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<BaseSet>> Sets { get; init; } = new Dictionary<string, IReadOnlyList<BaseSet>>();

    /// <summary>True if nothing was ever applied.</summary>
    public bool IsFirstRun => Sources.Count == 0;

    /// <summary>The chain, or null if nothing in it is ours.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="chain">Its name.</param>
    public BaseChain? Find(TableId table, string chain) => Tables.GetValueOrDefault(table)?.GetValueOrDefault(chain);

    /// <summary>The index of a source, or <see cref="Foreign"/>.</summary>
    /// <param name="source">Its text, as in <see cref="PlanInput.Source"/>.</param>
    public int IndexOf(string source)
    {
        for (int index = 0; index < Sources.Count; index++)
        {
            if (Sources[index] == source)
            {
                return index;
            }
        }

        return Foreign;
    }

    /// <summary>The same without sources that have nothing in here any more; the last one stays.</summary>
    internal Base WithoutForgotten()
    {
        HashSet<int> used =
        [
            Sources.Count - 1,
            .. Tables.Values.SelectMany(table => table.Values)
                .SelectMany(chain => chain.Rules.Select(rule => rule.Owner).Append(chain.Owner).Append(chain.PolicyOwner)),
            .. Sets.Values.SelectMany(set => set).Select(part => part.Owner),
        ];
        if (Enumerable.Range(0, Sources.Count).All(used.Contains))
        {
            return this;
        }

        int[] left = [.. Enumerable.Range(0, Sources.Count).Where(used.Contains)];
        int Renumber(int owner) => owner == Foreign ? Foreign : Array.IndexOf(left, owner);
        BaseChain RenumberChain(BaseChain chain) => chain with
        {
            Owner = Renumber(chain.Owner),
            PolicyOwner = Renumber(chain.PolicyOwner),
            Rules = [.. chain.Rules.Select(rule => rule with { Owner = Renumber(rule.Owner) })],
        };

        return new Base
        {
            Sources = [.. left.Select(index => Sources[index])],
            Tables = Tables.ToDictionary(
                table => table.Key,
                table => (IReadOnlyDictionary<string, BaseChain>)table.Value.ToDictionary(chain => chain.Key, chain => RenumberChain(chain.Value))),
            Sets = Sets.ToDictionary(
                set => set.Key,
                set => (IReadOnlyList<BaseSet>)[.. set.Value.Select(part => part with { Owner = Renumber(part.Owner) })]),
        };
    }
}
