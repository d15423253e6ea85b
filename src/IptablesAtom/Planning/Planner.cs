using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>The three-way merge of base, live and staged.</summary>
/// <remarks>
/// Model: what the script made is taken as it made it; what is live and was never ours is foreign and keeps its place; what was ours
/// and is not staged any more goes. Reasons: docs/design/merge.md. The kernel guarantees that a handle of nf_tables is never given twice
/// in the life of a table, and that seeded counters of a legacy table survive until the script zeroes them: that tells the script's
/// rules from those it found. A pure function of its input; safe on any thread.
/// </remarks>
public static class Planner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="input">The four states and the options.</param>
    public static Plan Make(PlanInput input)
    {
        if (input.LeavesItsWork)
        {
            return new Plan { Live = input.Live, Tables = [], Sets = [], NextBase = input.Base };
        }

        MergeContext context = new(input);
        List<TableMerge> merges = [];
        List<TableChange> changes = [];
        List<TableChange> neutral = [];
        List<Table> desired = [];
        foreach (TableId id in Ids(input))
        {
            TableMerge merge = new(context, id);
            Table? live = input.Live.Find(id);
            Table? table = merge.Merge();
            merges.Add(merge);
            if (table is not null)
            {
                desired.Add(table);
            }

            if (!ReferenceEquals(table, live))
            {
                (live is null && table!.IsNeutral ? neutral : changes).Add(new TableChange(id, live, table));
            }
        }

        SetsMerge sets = new(context);
        sets.Merge(desired);
        IReadOnlyList<SetChange> setChanges = sets.Changes();
        if (changes.Count + setChanges.Count > 0)
        {
            // Tables that do nothing are no change by themselves; with one, they come along so that all is as if run directly.
            changes.AddRange(neutral);
            changes.Sort((left, right) => TableId.Compare(left.Id, right.Id));
        }

        return new Plan
        {
            Live = input.Live,
            Tables = changes,
            Sets = setChanges,
            NextBase = NextBase(context, merges, sets, isChange: changes.Count + setChanges.Count > 0),
            KeptLater = new Lazy<IReadOnlyList<KeptForeign>>(() => Kept(context, merges, changes)),
        };
    }

    private static List<TableId> Ids(PlanInput input)
    {
        List<TableId> ids = [.. input.Live.Tables.Concat(input.Staged.Tables).Select(table => table.Id).Distinct()];
        ids.Sort(TableId.Compare);
        return ids;
    }

    private static Base NextBase(MergeContext context, List<TableMerge> merges, SetsMerge sets, bool isChange)
    {
        Dictionary<TableId, IReadOnlyDictionary<string, BaseChain>> tables = [];
        foreach (TableMerge merge in merges.Where(merge => merge.NextBase.Count > 0))
        {
            tables[merge.Id] = merge.NextBase;
        }

        Dictionary<string, IReadOnlyList<BaseSet>> ownedSets = sets.NextBase();
        if (tables.Count + ownedSets.Count == 0 && context.Input.Base.IsFirstRun && !isChange)
        {
            return context.Input.Base;
        }

        return new Base { Sources = context.Sources, Tables = tables, Sets = ownedSets }.WithoutForgotten();
    }

    private static List<KeptForeign> Kept(MergeContext context, List<TableMerge> merges, List<TableChange> changes)
    {
        HashSet<TableId> changed = [.. changes.Select(change => change.Id)];
        SortedDictionary<string, (int Rules, int Chains)> counts = new(StringComparer.Ordinal);
        foreach (TableMerge merge in merges.Where(merge => changed.Contains(merge.Id)))
        {
            foreach (MergedChain chain in merge.Chains)
            {
                string? owner = context.Names.OfChain(chain.Chain.Name);
                Count(owner ?? "", 0, !chain.Chain.IsBase && chain.Owner == Base.Foreign ? 1 : 0);
                for (int index = 0; index < chain.Owners.Length; index++)
                {
                    if (chain.Owners[index] == Base.Foreign)
                    {
                        Count(owner ?? context.Names.OfRule(merge.Id, chain.Chain.Name, chain.Chain.Rules[index]) ?? "", 1, 0);
                    }
                }
            }
        }

        return [.. counts.Where(pair => pair.Value != default).Select(pair => new KeptForeign(pair.Key, pair.Value.Rules, pair.Value.Chains))];

        void Count(string program, int rules, int chains)
        {
            (int Rules, int Chains) now = counts.GetValueOrDefault(program);
            counts[program] = (now.Rules + rules, now.Chains + chains);
        }
    }
}
