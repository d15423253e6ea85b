using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Snapshots;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Committing;

internal sealed partial class SetCommit
{
    /// <summary>
    /// Carries over what others did to a set by its name before it was exchanged, and what rules did to its flip copy. Once no rule looks at flip copies.
    /// </summary>
    /// <returns>What could not be carried over, as sentences; empty if all was.</returns>
    internal IReadOnlyList<string> Reconcile()
    {
        List<string> problems = [];
        foreach (SetWork set in _work.Where(set => set.Desired is not null))
        {
            int refused = 0;
            if (set.IsChanged)
            {
                _step($"carry over late entries of set {set.Name}");
                refused += _late.CarryOver(set.FormerName!, set.Live!, set.Desired!).Refused;
            }

            if (set is { FlipName: not null, IsList: false })
            {
                refused += _late.CarryOver(set.FlipName, set.FlipContent!, set.Desired!).Refused;
            }

            if (refused > 0)
            {
                problems.Add($"{refused} entries that others added to the set {set.Name} during the commit do not fit into it and are lost");
            }
        }

        return problems;
    }

    /// <summary>Destroys the temporary sets and those that shall go.</summary>
    /// <returns>What could not be destroyed and why, as sentences; the next commit removes temporary ones.</returns>
    internal IReadOnlyList<string> Finish()
    {
        List<string> problems = Destroy(TemporaryNames()); // the old content of a list can hold a set that shall go
        List<SetWork> going = [.. _work.Where(set => set.IsGone).OrderBy(set => !set.IsList)];
        foreach (SetWork set in going)
        {
            // Under another name first: that is refused if anything refers to it, and then it must not be emptied.
            _step($"remove set {set.Name}");
            if (Persist(() => TryRename(set.Name, set.OldName!)) is { } refusal)
            {
                problems.Add($"the set {set.Name} stays: {IpsetException.Describe(refusal.Error)}");
            }
            else
            {
                problems.AddRange(Destroy([set.OldName!]));
            }
        }

        return problems;
    }

    /// <summary>Takes everything back that was done, as long as rules do not look at what was made. Can be called again.</summary>
    /// <returns>What could not be destroyed and why, as sentences.</returns>
    internal IReadOnlyList<string> Revert()
    {
        Undo();
        return Destroy([.. TemporaryNames(), .. _work.Where(set => set.IsNew && _made.Contains(set.Name)).OrderBy(set => !set.IsList).Select(set => set.Name)]);
    }

    /// <summary>
    /// Removes the sets of a commit that was killed. Under the lock, before a commit makes its own; what rules still refer to stays.
    /// </summary>
    /// <param name="target">The namespace.</param>
    internal static void RemoveLeftovers(NetworkNamespace target)
    {
        using IpsetSocket socket = IpsetSocket.Open(target);
        List<string> left = [.. socket.Names().Where(TemporaryName.Is)];
        left.Reverse(); // lists come last in the kernel's order and hold the others
        using IpsetBatch batch = socket.Batch();
        left.ForEach(batch.Destroy);
        batch.TryExecute();
    }

    /// <summary>Lists first: they hold the others.</summary>
    private List<string> TemporaryNames() =>
        [.. _work.Reverse().SelectMany(set => new[] { set.FlipName, set.NextName, set.IsRenamed ? set.OldName : null }).OfType<string>()];

    private List<string> Destroy(IReadOnlyList<string> names)
    {
        List<string> problems = [];
        foreach (string name in names)
        {
            _step($"destroy set {name}");
            if (Persist(() => TryDestroy(name)) is { } refusal)
            {
                problems.Add($"the set {name} is left: {IpsetException.Describe(refusal.Error)}");
            }
        }

        return problems;
    }

    private IpsetException? TryRename(string name, string newName)
    {
        using IpsetBatch batch = _socket.Batch();
        batch.Rename(name, newName);
        int error = batch.TryExecute()[0];
        return (IpsetError)error is IpsetError.None or IpsetError.NotFound ? null : new IpsetException($"ipset rename {name} {newName}", error);
    }

    private IpsetException? TryDestroy(string name)
    {
        // Destroying a large set frees its entries in a callback that holds up a processor; emptying it first does not. Only
        // what nothing refers to may be emptied: rules could still look at it.
        if (References(name) is > 0)
        {
            return new IpsetException($"ipset destroy {name}", (int)IpsetError.Busy);
        }

        using IpsetBatch batch = _socket.Batch();
        batch.Flush(name);
        batch.Destroy(name);
        int error = batch.TryExecute()[1];
        return error == 0 ? null : new IpsetException($"ipset destroy {name}", error);
    }

    private uint? References(string name)
    {
        uint? references = null;
        try
        {
            _socket.List(name, IpsetListing.Headers, message =>
            {
                if (new AttributeReader(message.NetfilterAttributes).TryFind(IpsetAttribute.Data, out NetlinkAttribute header)
                    && header.Nested.TryFind(IpsetHeaderAttribute.References, out NetlinkAttribute count))
                {
                    references = count.AsUInt32Be();
                }
            });
        }
        catch (IpsetException absent) when (absent.Error == IpsetError.NotFound)
        {
        }

        return references;
    }
}
