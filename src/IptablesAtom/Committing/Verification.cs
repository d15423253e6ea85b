using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Reads live back after a commit and compares it with the plan.</summary>
/// <remarks>
/// Other programs do not wait for this: a rule or entry of theirs may come or go between the commit and the reading. So when something
/// differs, what must hold is that all that the plan wrote is there, in its order; what it found and kept is its owner's.
/// </remarks>
internal static class Verification
{
    /// <exception cref="VerificationException">Live is not as planned.</exception>
    internal static void Check(Plan plan, NetworkNamespace live)
    {
        HashSet<TableId> changed = [.. plan.Tables.Select(change => change.Id)];
        Snapshot now = SnapshotReader.ReadToCompare(live, changed.Contains, RulesNotWritten(plan));
        foreach (TableChange change in plan.Tables)
        {
            Table? found = now.Find(change.Id);
            if (!Equality.Same(found, change.Desired) && MissingFrom(found, change) is { } where)
            {
                throw new VerificationException($"{change.Id}{where}");
            }
        }

        foreach (SetChange change in plan.Sets)
        {
            IpSet? found = now.FindSet(change.Name);
            if (!Equality.Same(found, change.Desired) && !Holds(found, change))
            {
                throw new VerificationException($"the ipset {change.Name}");
            }
        }
    }

    /// <summary>
    /// The rules of nf_tables chains to which nothing was written: of 100,000 rules with one change, 500 are read. A rule that looks at
    /// an ipset may have been written for the time of the flip.
    /// </summary>
    private static Func<TableId, string, IReadOnlyList<Rule>?> RulesNotWritten(Plan plan)
    {
        Dictionary<(TableId, string), IReadOnlyList<Rule>> known = [];
        foreach (TableChange change in plan.Tables.Where(change => change.Id.Backend == Backend.Nft))
        {
            foreach (Chain chain in change.Live?.Chains ?? [])
            {
                if (change.Desired?.Find(chain.Name) is { } desired && desired.Hook == chain.Hook && desired.Policy == chain.Policy
                    && chain.Rules.Count == desired.Rules.Count
                    && chain.Rules.Zip(desired.Rules).All(pair => ReferenceEquals(pair.First, pair.Second) && pair.First.Sets.Count == 0))
                {
                    known[(change.Id, chain.Name)] = chain.Rules;
                }
            }
        }

        return (table, chain) => known.GetValueOrDefault((table, chain));
    }

    /// <summary>Where something that the plan wrote is not to be found; null if all is there.</summary>
    private static string? MissingFrom(Table? found, TableChange change)
    {
        if (change.Desired is null)
        {
            // It may stay for what others have put into it meanwhile.
            HashSet<ulong> gone = [.. change.Live?.Chains.Where(chain => chain.IsBase).SelectMany(chain => chain.Rules).Select(rule => rule.Handle) ?? []];
            return found!.Chains.Any(chain => chain.Rules.Any(rule => gone.Contains(rule.Handle))) ? ", which should be gone" : null;
        }

        if (found is null)
        {
            return ", which is not there";
        }

        foreach (Chain chain in change.Desired.Chains)
        {
            HashSet<Rule> kept = [.. change.Live?.Find(chain.Name)?.Rules ?? []];
            if (found.Find(chain.Name) is not { } there)
            {
                return $", chain {chain.Name}, which is not there";
            }

            if (chain.IsBase && there.Policy != chain.Policy)
            {
                return $", the policy of {chain.Name}";
            }

            int position = 0;
            foreach (Rule rule in chain.Rules.Where(rule => !kept.Contains(rule)))
            {
                while (position < there.Rules.Count && there.Rules[position].Key != rule.Key)
                {
                    position++;
                }

                if (position++ == there.Rules.Count)
                {
                    return $", chain {chain.Name}: a rule is missing ({rule.Text ?? rule.Origin?.ToString() ?? "of the script"})";
                }
            }
        }

        return null;
    }

    /// <summary>Entries run out, and others add and delete theirs: what the plan put in and has no time limit must be there.</summary>
    private static bool Holds(IpSet? found, SetChange change)
    {
        if (found is null || change.Desired is null)
        {
            return found is null && change.Desired is null;
        }

        if (found.HeaderHash != change.Desired.HeaderHash)
        {
            return false;
        }

        HashSet<ulong> there = [.. IpSetEntries.Identities(found)];
        there.UnionWith(change.Live is null ? [] : IpSetEntries.Identities(change.Live));
        foreach (IpSetEntry entry in IpSetEntries.Of(change.Desired))
        {
            if (entry.TimeLeft is null or 0 && !there.Contains(entry.Identity))
            {
                return false;
            }
        }

        return true;
    }
}
