using System.Globalization;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Tests.Nft;

/// <summary>Compares what was read back with what was to be.</summary>
internal static class NftVerification
{
    /// <summary>The differences, one sentence each; none if all is as planned.</summary>
    /// <param name="changes">The changes that were committed.</param>
    /// <param name="now">The namespace, read after the commit.</param>
    internal static IReadOnlyList<string> Differences(IEnumerable<TableChange> changes, Snapshot now)
    {
        List<string> differences = [];
        foreach (TableChange change in changes.Where(change => change.Id.Backend == Backend.Nft))
        {
            Table? found = now.Find(change.Id);
            if (change.Desired is not { } desired)
            {
                if (found is not null && (!change.Id.IsXtables || !found.Chains.All(IsNeutral)))
                {
                    differences.Add($"{change.Id}: still there");
                }
            }
            else if (found is null)
            {
                differences.Add($"{change.Id}: not there");
            }
            else
            {
                Compare(desired, found, differences);
            }
        }

        return differences;
    }

    private static void Compare(Table desired, Table found, List<string> differences)
    {
        NftTableExtra extra = found.Extra as NftTableExtra ?? NftTableExtra.None;
        if (desired.Extra is NftTableExtra wanted && !(desired.Id.IsXtables ? extra.Includes(wanted) : extra.SameContent(wanted)))
        {
            differences.Add($"{desired.Id}: its sets, objects or flags differ");
        }

        foreach (Chain chain in desired.Chains)
        {
            if (found.Find(chain.Name) is not { } there)
            {
                differences.Add($"{desired.Id}, chain {chain.Name}: not there");
            }
            else if (there.Hook != chain.Hook || (chain.IsBase && there.Policy != chain.Policy))
            {
                differences.Add($"{desired.Id}, chain {chain.Name}: hook or policy differs");
            }
            else
            {
                CompareRules(desired.Id, chain, there, differences);
            }
        }

        foreach (Chain chain in found.Chains)
        {
            if (desired.Find(chain.Name) is null && !(desired.Id.IsXtables && IsNeutral(chain)))
            {
                differences.Add($"{desired.Id}, chain {chain.Name}: still there");
            }
        }
    }

    private static bool IsNeutral(Chain chain) => chain.IsBase && chain.Rules.Count == 0 && chain.Policy == Policy.Accept;

    private static void CompareRules(TableId table, Chain desired, Chain found, List<string> differences)
    {
        int count = Math.Min(desired.Rules.Count, found.Rules.Count);
        for (int i = 0; i < count; i++)
        {
            if (desired.Rules[i].Key != found.Rules[i].Key)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{table}, chain {desired.Name}: rule {i + 1} differs"));
                return;
            }
        }

        if (desired.Rules.Count != found.Rules.Count)
        {
            differences.Add(string.Create(
                CultureInfo.InvariantCulture, $"{table}, chain {desired.Name}: {found.Rules.Count} rules instead of {desired.Rules.Count}"));
        }
    }
}
