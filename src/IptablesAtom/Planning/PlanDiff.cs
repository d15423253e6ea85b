using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A plan as a list of differences, for people and programs.</summary>
public sealed record PlanDiff
{
    /// <summary>The tables that differ visibly, in order.</summary>
    public required IReadOnlyList<TableDiff> Tables { get; init; }

    /// <summary>The sets that differ.</summary>
    public required IReadOnlyList<SetDiff> Sets { get; init; }

    /// <summary>What is foreign and stays.</summary>
    public required IReadOnlyList<KeptForeign> Kept { get; init; }

    /// <summary>Number of rules to add.</summary>
    public int RulesAdded => Count(ChangeKind.Add);

    /// <summary>Number of rules to remove.</summary>
    public int RulesRemoved => Count(ChangeKind.Remove);

    /// <summary>Number of rules to move.</summary>
    public int RulesMoved => Count(ChangeKind.Move);

    /// <summary>True if nothing differs.</summary>
    public bool IsEmpty => Tables.Count == 0 && Sets.Count == 0;

    /// <summary>The differences of a plan.</summary>
    /// <param name="plan">The plan; rules show their <see cref="Rule.Text"/> if it was filled in.</param>
    public static PlanDiff Of(Plan plan) => new()
    {
        Tables = [.. plan.Tables.Select(TableDiff.Of).Where(table => table.IsDifferent)],
        Sets = [.. plan.Sets.Select(SetDiff.Of)],
        Kept = plan.Kept,
    };

    private int Count(ChangeKind kind) => Tables.Sum(table => table.Chains.Sum(chain => chain.Rules.Count(rule => rule.Kind == kind)));
}
