using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>Live without what one source has in it.</summary>
/// <remarks>
/// Its chains and sets go whole, so that the script can create them again. Rules of others that need them cannot be in the seed then: stand-ins keep their
/// places. Lists that need them are left out, and come back by the merge.
/// </remarks>
internal sealed class SeedWithout(Snapshot live, Base known, int owner, StandIns standIns)
{
    private readonly HashSet<string> _goneSets = [];

    internal Snapshot Make()
    {
        IpSet[] sets = [.. live.Sets.Select(Without).OfType<IpSet>()];
        return new Snapshot
        {
            Generation = live.Generation,
            Tables = [.. live.Tables.Select(Without).OfType<Table>()],
            Sets = sets,
        };
    }

    private IpSet? Without(IpSet set)
    {
        BaseSet? ours = known.Sets.GetValueOrDefault(set.Name)?.FirstOrDefault(part => part.Owner == owner);
        if (ours is { Created: true } || set.Members.Any(_goneSets.Contains))
        {
            _goneSets.Add(set.Name);
            return null;
        }

        if (ours is null)
        {
            return set;
        }

        IpSetBuilder builder = IpSetBuilder.Like(set);
        foreach (IpSetEntry entry in IpSetEntries.Of(set))
        {
            if (Array.BinarySearch(ours.Entries, entry.Identity) < 0)
            {
                builder.Add(entry);
            }
        }

        return builder.Build();
    }

    private Table? Without(Table table)
    {
        IReadOnlyDictionary<string, BaseChain>? chains = known.Tables.GetValueOrDefault(table.Id);
        if (chains is null && _goneSets.Count == 0)
        {
            return table;
        }

        HashSet<string> goneChains =
        [
            .. table.Chains.Where(chain => IsOurs(table.Id, chain)).Select(chain => chain.Name),
        ];
        if (!table.Id.IsXtables && goneChains.Count == table.Chains.Count && chains is not null)
        {
            return null; // A native table of this source only: the script makes it, with its sets and maps.
        }

        return table.With([.. table.Chains.Where(chain => !goneChains.Contains(chain.Name)).Select(chain => Without(table.Id, chain, goneChains))]);
    }

    private bool IsOurs(TableId table, Chain chain) =>
        known.Find(table, chain.Name) is { } ours && ours.Owner == owner && !(chain.IsBase && table.IsXtables);

    private Chain Without(TableId table, Chain chain, HashSet<string> goneChains)
    {
        BaseChain? ours = known.Find(table, chain.Name);
        int[] owners = BaseOwners.Of(ours, chain.Rules);
        List<Rule> rules = new(chain.Rules.Count);
        for (int index = 0; index < chain.Rules.Count; index++)
        {
            Rule rule = chain.Rules[index];
            bool isLost = (rule.Jump is { } jump && goneChains.Contains(jump)) || rule.Sets.Any(set => _goneSets.Contains(set.Name));
            if (owners[index] != owner && (!isLost || StandIns.IsPossible(table)))
            {
                rules.Add(isLost ? standIns.For(table, rule) : rule);
            }
        }

        bool isPolicyOurs = ours is not null && ours.PolicyOwner == owner;
        return rules.SequenceEqual(chain.Rules, ReferenceEqualityComparer.Instance) && !isPolicyOurs ? chain : new Chain
        {
            Name = chain.Name,
            Hook = chain.Hook,
            Raw = chain.Raw,
            Counter = chain.Counter,
            Policy = isPolicyOurs ? ours!.PolicyBefore : chain.Policy,
            Rules = rules,
        };
    }
}
