using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A chain of staging, with what of it the script made and what the seed had put there.</summary>
internal sealed class StagedChain
{
    private StagedChain(TableId table, Chain? seed, Chain? staged, bool[] isMade)
    {
        Table = table;
        Seed = seed;
        Staged = staged;
        IsMade = isMade;
        Made = isMade.Count(made => made);
    }

    /// <summary>Its table.</summary>
    internal TableId Table { get; }

    /// <summary>As seeded, or null.</summary>
    internal Chain? Seed { get; }

    /// <summary>As the script left it, or null.</summary>
    internal Chain? Staged { get; }

    /// <summary>The rules that it left.</summary>
    internal IReadOnlyList<Rule> Rules => Staged?.Rules ?? [];

    /// <summary>For each of them: true if the script made it.</summary>
    internal bool[] IsMade { get; }

    /// <summary>How many the script made.</summary>
    internal int Made { get; }

    /// <summary>How many of the seed's it left.</summary>
    internal int Survivors => IsMade.Length - Made;

    /// <summary>True if it is as it was seeded, by the same rules and not by equal ones.</summary>
    internal bool IsUntouched => Made == 0 && SameContent(Seed, Staged);

    /// <summary>True if the script made the chain itself. The base chains of iptables' own tables are nobody's.</summary>
    internal bool IsCreated => Seed is null && Staged is not null && !(Staged.IsBase && Table.IsXtables);

    internal static StagedChain Of(TableId table, Chain? seed, Chain? staged, bool isSameTable)
    {
        bool[] made = new bool[staged?.Rules.Count ?? 0];
        Array.Fill(made, true);
        if (seed is not null && staged is not null && isSameTable)
        {
            if (table.Backend == Backend.Nft)
            {
                // The kernel never gives a handle twice in the life of a table.
                Dictionary<ulong, RuleKey> seeded = seed.Rules.ToDictionary(rule => rule.Handle, rule => rule.Key);
                for (int index = 0; index < made.Length; index++)
                {
                    Rule rule = staged.Rules[index];
                    made[index] = !seeded.TryGetValue(rule.Handle, out RuleKey key) || key != rule.Key;
                }
            }
            else
            {
                // Seeded rules have counters, if only the mark of one byte; what iptables adds starts with none.
                Dictionary<RuleKey, int> seeded = [];
                foreach (Rule rule in seed.Rules)
                {
                    seeded.Count(rule.Key, 1);
                }

                for (int index = 0; index < made.Length; index++)
                {
                    Rule rule = staged.Rules[index];
                    made[index] = rule.Counter == default || !seeded.Take(rule.Key);
                }
            }
        }

        return new StagedChain(table, seed, staged, made);
    }

    /// <summary>True if both are alike: absent and empty base chains of policy ACCEPT are.</summary>
    internal static bool SameContent(Chain? left, Chain? right)
    {
        if (left is null || right is null)
        {
            return (left ?? right) is not { } only || (only.IsBase && only.Rules.Count == 0 && only.Policy == Policy.Accept);
        }

        if (left.Hook != right.Hook || (left.IsBase && left.Policy != right.Policy)
            || left.Rules.Count != right.Rules.Count || !left.Raw.AsSpan().SequenceEqual(right.Raw))
        {
            return false;
        }

        for (int index = 0; index < left.Rules.Count; index++)
        {
            if (left.Rules[index].Key != right.Rules[index].Key)
            {
                return false;
            }
        }

        return true;
    }
}
