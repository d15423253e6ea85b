using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A chain that differs.</summary>
public sealed record ChainDiff
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the chain itself is new or goes.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>True for a base chain.</summary>
    public required bool IsBase { get; init; }

    /// <summary>The policy in live; null if there is none.</summary>
    public Policy? OldPolicy { get; init; }

    /// <summary>The policy as it shall be; null if there is none.</summary>
    public Policy? NewPolicy { get; init; }

    /// <summary>The rules that differ, in the order of the chain.</summary>
    public required IReadOnlyList<RuleDiff> Rules { get; init; }

    /// <summary>True if the policy of a chain that stays changes, or a new chain has another one than ACCEPT.</summary>
    public bool PolicyDiffers => NewPolicy is not null && (OldPolicy ?? Policy.Accept) != NewPolicy;

    /// <summary>True if there is something to tell.</summary>
    /// <param name="isXtables">In iptables' own tables the base chains are always there: an empty one of policy ACCEPT is no news.</param>
    internal bool IsDifferent(bool isXtables) =>
        PolicyDiffers || Rules.Count > 0 || (Kind != ChangeKind.Keep && !(isXtables && IsBase && (NewPolicy ?? OldPolicy) == Policy.Accept));

    internal static ChainDiff Of(Chain? live, Chain? desired) => new()
    {
        Name = (desired ?? live)!.Name,
        Kind = live is null ? ChangeKind.Add : desired is null ? ChangeKind.Remove : ChangeKind.Keep,
        IsBase = (desired ?? live)!.IsBase,
        OldPolicy = live is { IsBase: true } ? live.Policy : null,
        NewPolicy = desired is { IsBase: true } ? desired.Policy : null,
        Rules = ReferenceEquals(live, desired) ? [] : Compare(live?.Rules ?? [], desired?.Rules ?? []),
    };

    private static List<RuleDiff> Compare(IReadOnlyList<Rule> live, IReadOnlyList<Rule> desired)
    {
        int[] partner = RuleAlignment.Align(live, desired);
        bool[] isKept = new bool[desired.Count];
        Dictionary<RuleKey, int> added = [];
        foreach (int place in partner.Where(place => place >= 0))
        {
            isKept[place] = true;
        }

        for (int index = 0; index < desired.Count; index++)
        {
            if (!isKept[index])
            {
                added.Count(desired[index].Key, 1);
            }
        }

        // A rule that goes here and comes there has moved; it is told once, at its new place.
        Dictionary<RuleKey, int> moved = [];
        List<RuleDiff> result = [];
        int next = 0;
        for (int index = 0; index <= live.Count; index++)
        {
            int end = index == live.Count ? desired.Count : partner[index];
            for (; next < end; next++)
            {
                result.Add(new RuleDiff(ChangeKind.Add, desired[next], next + 1));
            }

            if (index < live.Count && partner[index] >= 0)
            {
                next = partner[index] + 1;
            }
            else if (index < live.Count)
            {
                if (added.Take(live[index].Key))
                {
                    moved.Count(live[index].Key, 1);
                }
                else
                {
                    result.Add(new RuleDiff(ChangeKind.Remove, live[index], index + 1));
                }
            }
        }

        for (int index = 0; moved.Count > 0 && index < result.Count; index++)
        {
            if (result[index].Kind == ChangeKind.Add && moved.Take(result[index].Rule.Key))
            {
                result[index] = result[index] with { Kind = ChangeKind.Move };
            }
        }

        return result;
    }
}
