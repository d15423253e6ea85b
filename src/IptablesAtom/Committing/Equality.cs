using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>When two states are the same to a packet: counters, handles and time left aside.</summary>
internal static class Equality
{
    /// <summary>True if all tables and sets are.</summary>
    internal static bool Same(Snapshot one, Snapshot other) => one.Tables.Concat(other.Tables).All(table => Same(one.Find(table.Id), other.Find(table.Id)))
        && one.Sets.Concat(other.Sets).All(set => Same(one.FindSet(set.Name), other.FindSet(set.Name)));

    /// <summary>True if two tables do the same; one that is not there equals one with nothing in it.</summary>
    internal static bool Same(Table? one, Table? other)
    {
        if (one is null || other is null)
        {
            return (one ?? other) is null or { IsNeutral: true };
        }

        return one.Chains.Count == other.Chains.Count
            && (one.Extra is not IHasContent extra || extra.SameContent(other.Extra))
            && one.Chains.All(chain => other.Find(chain.Name) is { } twin && Same(chain, twin));
    }

    /// <summary>True if two sets are equal.</summary>
    internal static bool Same(IpSet? one, IpSet? other) => one is null || other is null
        ? one is null && other is null
        : one.ContentHash == other.ContentHash && one.Members.SequenceEqual(other.Members, StringComparer.Ordinal);

    /// <summary>True if two chains are equal.</summary>
    internal static bool Same(Chain one, Chain other) => one.Hook == other.Hook
        && (!one.IsBase || one.Policy == other.Policy)
        && one.Rules.Count == other.Rules.Count
        && one.Rules.Zip(other.Rules).All(pair => pair.First.Key == pair.Second.Key);
}
