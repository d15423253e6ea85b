using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Takes away what a commit left in the legacy tables that was killed between its first and its last step.</summary>
/// <remarks>
/// Until then nothing is wrong in the firewall: the switch says which side is in force, and that side is the whole old or the whole new one. Here the
/// other side goes, table by table, which no packet notices.
/// </remarks>
internal static class LegacyRecovery
{
    /// <summary>Recovers a namespace. Without leftovers it changes nothing and takes no lock.</summary>
    /// <returns>Sentences for the user: what is in force.</returns>
    internal static IReadOnlyList<string> Run(NetworkNamespace target, LegacyCommitOptions options)
    {
        using IpsetSocket sets = IpsetSocket.Open(target);
        if (!HasLeftovers(sets))
        {
            return [];
        }

        // A commit that is under way holds the lock: what is still there when we have it was left behind.
        using XtablesLock held = XtablesLock.Take(options.Wait, options.LockPath);
        IReadOnlyList<string> report = RunLocked(target, sets);
        SetCommit.RemoveLeftovers(target);
        return report;
    }

    /// <summary>The same under the lock that the caller holds.</summary>
    internal static IReadOnlyList<string> RunLocked(NetworkNamespace target, IpsetSocket sets)
    {
        if (!HasLeftovers(sets))
        {
            return [];
        }

        Dictionary<string, bool> switches = LegacySwitch.Leftovers(sets).ToDictionary(item => item.Prefix, item => item.IsOn());
        IReadOnlyList<string> report = [.. Split(target, sets, switches).Select(isNew =>
            $"an earlier run was interrupted in the middle of its commit; the {(isNew ? "new" : "old")} legacy rules were and stay in force")];
        foreach (LegacySwitch leftover in LegacySwitch.Leftovers(sets).ToArray())
        {
            leftover.Destroy();
        }

        return report;
    }

    private static bool HasLeftovers(IpsetSocket sets)
    {
        try
        {
            return LegacySwitch.Leftovers(sets).Any();
        }
        catch (IpsetException refusal) when ((Errno)refusal.Error is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return false; // a kernel without ipset
        }
    }

    /// <summary>Gives, for each commit that was interrupted, whether its new side was in force.</summary>
    private static HashSet<bool> Split(NetworkNamespace target, IpsetSocket sets, Dictionary<string, bool> switches)
    {
        LegacySetRecovery ownSets = new(sets);
        using LegacySockets sockets = new(target);
        using SetNames names = new(target);
        HashSet<bool> inForce = [];
        foreach (TableId id in sockets.Existing().ToArray())
        {
            XtablesBlob blob = sockets[id.Family].GetEntries(id.Name);
            Table read = LegacyDecoder.Decode(id, blob, names.NameOf);
            Table table = read;

            // The outermost first: a commit that was being taken back when it was interrupted has its switch inside another's.
            while (LegacyMerge.PrefixOf(table) is { } prefix && switches.TryGetValue(prefix, out bool isNew))
            {
                inForce.Add(isNew);
                if (isNew)
                {
                    ownSets.Restore(LegacyMerge.TemporarySets(table, prefix));
                }

                table = LegacyMerge.Split(table, prefix, isNew);
            }

            foreach (string prefix in switches.Keys.Where(prefix => table.Chains.Any(chain => chain.Name.StartsWith(prefix, StringComparison.Ordinal))))
            {
                table = LegacyMerge.Split(table, prefix, isNew: false); // somebody took our switch out of every base chain
            }

            if (table != read)
            {
                XtablesBlob split = LegacyEncoder.Encode(table, ownSets.IndexOf);
                sockets[id.Family].Replace(id.Name, split, blob.Info.EntryCount);
                sockets[id.Family].AddCounters(id.Name, LegacyCounters.InOrder(table, static (chain, position) =>
                    position < chain.Rules.Count ? chain.Rules[position].Counter : chain.Counter));
            }
        }

        return inForce;
    }
}
