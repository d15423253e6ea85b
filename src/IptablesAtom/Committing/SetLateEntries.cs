using System.Diagnostics;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>
/// What others did to a set in the short time in which it was on its way out: found by reading it again, and done to the set that took its place.
/// </summary>
/// <remarks>ipset has no lock that would keep others out; this is what stands in for it. Such a change takes effect late, by the length of the commit.</remarks>
/// <param name="socket">The sets' namespace.</param>
internal sealed class SetLateEntries(IpsetSocket socket)
{
    // An entry whose time runs out is no deletion. What it had left was read a little before this object was made: hence the margin.
    private const double Margin = 30;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    /// <summary>Carries late changes over.</summary>
    /// <param name="former">The name under which the old content is now.</param>
    /// <param name="before">That content as it was taken into account.</param>
    /// <param name="target">The set that took its place.</param>
    /// <returns>How many entries were added or deleted, and how many the set in place did not take.</returns>
    internal (int Carried, int Refused) CarryOver(string former, IpSet before, IpSet target)
    {
        IpSet now = IpSetSnapshot.ReadOne(socket, former);
        if (now.ContentHash == before.ContentHash && (!before.HasTimeout || IsNoneRefreshed(before, now)))
        {
            return (0, 0);
        }

        Dictionary<ulong, Known> known = new(before.Count);
        foreach (IpSetEntry entry in IpSetEntries.Of(before))
        {
            known[entry.Identity] = new Known((ulong)entry.ContentHash, entry.TimeLeft ?? 0);
        }

        using IpsetBatch batch = socket.Batch();
        using IpSetFitting fitting = new(target, before);
        int refused = 0;
        int carried = 0;
        foreach (IpSetEntry entry in IpSetEntries.Of(now))
        {
            if (known.Remove(entry.Identity, out Known old) && old.Content == (ulong)entry.ContentHash && !(entry.TimeLeft > old.TimeLeft + 1))
            {
                continue;
            }

            if (!IsTaken(entry, before.TypeName, target.TypeName))
            {
                refused++;
                carried++;
            }
            else
            {
                batch.Add(target.Name, fitting.Fit(entry).Whole);
                carried++;
                refused += FlushWhenFull(batch);
            }
        }

        foreach (IpSetEntry entry in known.Count == 0 ? new IpSetEntries([], before.TypeName) : IpSetEntries.Of(before))
        {
            if (known.TryGetValue(entry.Identity, out Known old) && IsTaken(entry, before.TypeName, target.TypeName)
                && (old.TimeLeft == 0 || old.TimeLeft > _elapsed.Elapsed.TotalSeconds + Margin))
            {
                batch.Delete(target.Name, fitting.Fit(entry).Whole);
                carried++;
                refused += FlushWhenFull(batch);
            }
        }

        refused += batch.TryExecute().Count(error => error != 0);
        return (carried - refused, refused);
    }

    /// <summary>
    /// The quick way for two listings of one kernel object, which give the same order as long as nothing is added; a wrong "no" only costs time.
    /// </summary>
    private static bool IsNoneRefreshed(IpSet before, IpSet now)
    {
        IpSetEntries.Enumerator later = IpSetEntries.Of(now).GetEnumerator();
        foreach (IpSetEntry entry in IpSetEntries.Of(before))
        {
            if (!later.MoveNext() || later.Current.ContentHash != entry.ContentHash || later.Current.TimeLeft > entry.TimeLeft + 1)
            {
                return false;
            }
        }

        return !later.MoveNext();
    }

    /// <summary>An entry before; 0 for one that is permanent or without a time.</summary>
    private readonly record struct Known(ulong Content, uint TimeLeft);

    /// <summary>Between types: only the same number of dimensions, and no network to a type without, which would expand it address by address.</summary>
    private static bool IsTaken(IpSetEntry entry, string from, string to) =>
        from == to
        || (from.Count(c => c == ',') == to.Count(c => c == ',')
            && (to.Contains("net", StringComparison.Ordinal) || !(IsNetwork(entry, IpsetEntryAttribute.PrefixLength) || IsNetwork(entry, IpsetEntryAttribute.PrefixLength2))));

    private static bool IsNetwork(IpSetEntry entry, int attribute) =>
        entry.Attributes.TryFind(attribute, out Netlink.Netlink.Attribute length) && length.AsByte() is not (32 or 128);

    private static int FlushWhenFull(IpsetBatch batch) => batch.Count < 256 ? 0 : batch.TryExecute().Count(error => error != 0);
}
