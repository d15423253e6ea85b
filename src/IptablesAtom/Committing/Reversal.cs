using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>The way back: from what is in force now to what a plan had found, in what the plan changed.</summary>
internal static class Reversal
{
    /// <summary>Makes the plan.</summary>
    /// <param name="plan">What was being committed.</param>
    /// <param name="now">Live as it is.</param>
    internal static Plan Of(Plan plan, Snapshot now) => new()
    {
        Live = now,
        Tables =
        [
            .. from change in plan.Tables
               let current = now.Find(change.Id)
               let former = change.Live ?? EmptyLike(current)
               where !Equality.Same(current, former)
               select new TableChange(change.Id, current, former),

            // A table that did not change may still look at a set's temporary copy.
            .. from current in now.Tables
               where plan.Tables.All(change => change.Id != current.Id) && LooksAtTemporarySets(current)
               select new TableChange(current.Id, current, plan.Live.Find(current.Id)),
        ],
        Sets =
        [
            .. from change in plan.Sets
               let current = now.FindSet(change.Name)
               where !Equality.Same(current, change.Live)
               select new SetChange(change.Name, current, change.Live),
        ],
        NextBase = plan.NextBase,
    };

    private static bool LooksAtTemporarySets(Table table) =>
        table.Chains.Any(chain => chain.Rules.Any(rule => rule.Sets.Any(set => TemporaryName.Is(set.Name))));

    /// <summary>A legacy table, once made, stays until its namespace ends: not there means empty. An nf_tables one is deleted.</summary>
    private static Table? EmptyLike(Table? current) => current is { Id.Backend: Backend.Legacy }
        ? current.With([.. current.Chains.Where(chain => chain.IsBase).Select(chain => new Chain
        {
            Name = chain.Name,
            Hook = chain.Hook,
            Policy = Policy.Accept,
            Rules = [],
        })])
        : null;
}
