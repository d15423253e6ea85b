using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>
/// Sets of a killed commit whose new rules are in force and ask temporary copies. The sets themselves may still have the old content; they get
/// the copies', and the rules ask them again.
/// </summary>
internal sealed class LegacySetRecovery(IpsetSocket sets)
{
    private const string Refill = "iptatom-recovery";
    private readonly Dictionary<string, string> _ownNames = new(StringComparer.Ordinal);

    /// <summary>Brings the content of temporary sets into the sets that they stand for.</summary>
    /// <param name="names">Temporary name to own name.</param>
    internal void Restore(IReadOnlyDictionary<string, string> names)
    {
        // Lists last: their members are temporary sets too.
        foreach ((IpSet copy, string own) in names.Where(pair => !_ownNames.ContainsKey(pair.Key))
            .Select(pair => (IpSetSnapshot.ReadOne(sets, pair.Key), pair.Value)).OrderBy(pair => pair.Item1.Members.Count > 0).ToArray())
        {
            IpSet now = IpSetSnapshot.ReadOne(sets, own);
            if (now.TypeName != copy.TypeName || now.Family != copy.Family)
            {
                continue; // cannot be swapped: the rules keep the copy, which then is no leftover
            }

            _ownNames[copy.Name] = own;
            IpSet content = copy.Members.Count > 0 ? SetCopy.WithMembers(copy, member => _ownNames.GetValueOrDefault(member, member)) : copy;
            if (content.ContentHash != now.ContentHash)
            {
                sets.Destroy(Refill);
                SetCopy.Make(sets, content, Refill);
                sets.Swap(own, Refill);
                sets.Destroy(Refill);
            }
        }
    }

    /// <summary>The index that a rule shall look at which asked the set of that name.</summary>
    internal ushort IndexOf(string name)
    {
        string own = _ownNames.GetValueOrDefault(name, name);
        return sets.FindIndex(own) ?? throw new IpsetException($"ipset header {own}", (int)IpsetError.NotFound);
    }
}
