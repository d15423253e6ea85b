using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class SetCommit
{
    private readonly List<SetWork> _swapped = [];
    private readonly Dictionary<string, IpSet> _emptied = [];
    private bool _isKept;

    /// <summary>
    /// Sets of the same type take their new content, all in one send. If one cannot (somebody is listing it), those that could change back.
    /// </summary>
    /// <exception cref="IpsetException">Refused for too long; every set has its old content.</exception>
    internal void Swap()
    {
        List<SetWork> waiting = [.. _work.Where(set => set.IsChanged && !set.IsRenamed)];
        if (waiting.Count > 0)
        {
            _step("swap sets");
            OrElse(UndoSwaps, () => TrySwap(waiting, _swapped));
        }
    }

    /// <summary>
    /// Sets of another type take the place of the old ones: the old is renamed away and the new one to its name, in one send, so that the name is absent for
    /// microseconds. Lists let go of such members and take them again in the same send.
    /// </summary>
    /// <exception cref="IpsetException">Refused for too long; these sets have their old content.</exception>
    internal void Rename()
    {
        if (HasRenames)
        {
            _step("rename sets");
            OrElse(UndoRenames, () => TryRename(forward: true));
        }
    }

    /// <summary>
    /// Rules may look at the exchanged sets by now: to exchange contents back under them would mix new rules with old sets. So
    /// <see cref="Undo"/> does nothing any more, and the way back is a commit of its own.
    /// </summary>
    internal void KeepExchange() => _isKept = true;

    /// <summary>Puts every set's old content back under its name. Rules that look at flip copies are not concerned.</summary>
    /// <exception cref="IpsetException">Refused for too long: the sets named are as they shall become, the others as they were.</exception>
    internal void Undo()
    {
        if (!_isKept)
        {
            UndoRenames();
            UndoSwaps();
        }
    }

    private void UndoRenames()
    {
        if (_work.Any(set => set.RenameStage > 0) && Persist(() => TryRename(forward: false)) is { } refusal)
        {
            throw refusal;
        }
    }

    private void UndoSwaps()
    {
        List<SetWork> back = [];
        IpsetException? refusal = _swapped.Count == 0 ? null : Persist(() => TrySwap(_swapped, back));

        // What others added under the name meanwhile went into the content that is now put away.
        foreach (SetWork set in back)
        {
            _late.CarryOver(set.NextName!, set.Desired!, set.Live!);
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private static void OrElse(Action undo, Func<IpsetException?> exchange)
    {
        try
        {
            if (Persist(exchange) is { } refusal)
            {
                throw refusal;
            }
        }
        catch (IpsetException)
        {
            undo();
            throw;
        }
    }

    private static IpsetException? Persist(Func<IpsetException?> attempt)
    {
        SetPatience patience = new(Patience);
        IpsetException? refusal;
        do
        {
            refusal = attempt();
        }
        while (refusal is not null && SetPatience.CanPass((int)refusal.Error) && patience.Wait());
        return refusal;
    }

    private IpsetException? TrySwap(List<SetWork> waiting, List<SetWork> done)
    {
        using IpsetBatch batch = _socket.Batch();
        foreach (SetWork set in waiting)
        {
            batch.Swap(set.Name, set.NextName!);
        }

        int[] errors = batch.TryExecute();
        IpsetException? refusal = null;
        for (int i = errors.Length - 1; i >= 0; i--)
        {
            if (errors[i] == 0)
            {
                done.Add(waiting[i]);
                waiting.RemoveAt(i);
            }
            else
            {
                refusal = new IpsetException($"ipset swap {waiting[i].Name} {waiting[i].NextName}", errors[i]);
            }
        }

        return refusal;
    }

    private IpsetException? TryRename(bool forward)
    {
        List<IpSet> lists = ListsOfRenamed();
        List<(SetWork Set, string From, string To, int Stage)> renames = [.. _work
            .Where(set => set.IsRenamed)
            .SelectMany(set => forward ? Forward(set) : Backward(set))];

        using IpsetBatch batch = _socket.Batch();
        lists.ForEach(list => batch.Flush(list.Name));
        renames.ForEach(rename => batch.Rename(rename.From, rename.To));
        foreach (IpSet list in lists)
        {
            foreach (byte[] nest in list.Entries)
            {
                batch.Add(list.Name, nest);
            }
        }

        int[] errors = batch.TryExecute();
        IpsetException? refusal = null;
        for (int i = 0; i < renames.Count; i++)
        {
            (SetWork set, string from, string to, int stage) = renames[i];
            if (errors[lists.Count + i] is var error and not 0)
            {
                refusal ??= new IpsetException($"ipset rename {from} {to}", error);
            }
            else
            {
                set.RenameStage = stage;
            }
        }

        int refill = Array.FindIndex(errors, lists.Count + renames.Count, error => error != 0);
        return refusal ?? (refill < 0 ? null : new IpsetException("ipset add to a list of sets, after the renaming of a member", errors[refill]));
    }

    /// <summary>
    /// The lists that hold a renamed set, with their members as they are now: planned ones, others', and the old content of a changed list under its
    /// temporary name. What a failed try left incomplete comes as it was before.
    /// </summary>
    private List<IpSet> ListsOfRenamed()
    {
        HashSet<string> renamed = [.. _work.Where(set => set.IsRenamed).Select(set => set.Name)];
        List<IpSet> lists = [];
        foreach (string name in _socket.Names().Where(name => _socket.FindHeader(name) is { TypeName: "list:set" }))
        {
            IpSet list = IpSetSnapshot.ReadOne(_socket, name);
            if (_emptied.TryGetValue(name, out IpSet? before) && before.Members.Any(member => renamed.Contains(member) && !list.Members.Contains(member)))
            {
                list = before;
            }

            if (list.Members.Any(renamed.Contains))
            {
                lists.Add(list);
                _emptied[name] = list;
            }
        }

        return lists;
    }

    private static IEnumerable<(SetWork Set, string From, string To, int Stage)> Forward(SetWork set)
    {
        if (set.RenameStage == 0)
        {
            yield return (set, set.Name, set.OldName!, 1);
        }

        if (set.RenameStage < 2)
        {
            yield return (set, set.NextName!, set.Name, 2);
        }
    }

    private static IEnumerable<(SetWork Set, string From, string To, int Stage)> Backward(SetWork set)
    {
        if (set.RenameStage == 2)
        {
            yield return (set, set.Name, set.NextName!, 1);
        }

        if (set.RenameStage > 0)
        {
            yield return (set, set.OldName!, set.Name, 0);
        }
    }
}
