using IptablesAtom.Model;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    private const int MostSends = 400;
    private const int EventWait = 5; // milliseconds

    /// <summary>
    /// Sends a batch until the generation it names is the current one. Others' changes move the generation; the watcher says
    /// whether they concern this batch, and if not, the same bytes go out again with the new number.
    /// </summary>
    private void Send(NftBatch batch, Predicate<NftEvent> concerns)
    {
        for (int send = 0; send < MostSends; send++)
        {
            NftEvent? conflict = Drain(concerns);
            if (_watcher.Lost)
            {
                Recheck();
            }
            else if (conflict is { } change)
            {
                throw new GenerationConflictException(
                    new TableId(Backend.Nft, (Family)change.Family, change.Table), change.Name);
            }

            if (batch.Send(_socket, _generation))
            {
                // The kernel queues a commit's events before send() returns: now its own are in the watcher.
                Drain(static _ => false);
                return;
            }

            _watcher.Wait(EventWait);
        }

        throw new GenerationConflictException(null, null);
    }

    /// <summary>Reads what happened, and the generation it led to.</summary>
    /// <returns>The first change by another program that concerns the caller.</returns>
    private NftEvent? Drain(Predicate<NftEvent> concerns)
    {
        NftEvent? first = null;
        _watcher.Drain(
            change =>
            {
                if (first is null && concerns(change))
                {
                    first = change;
                }
            },
            _socket.Wire.PortId);
        _generation = _watcher.Generation != 0 ? _watcher.Generation : _generation;
        return first;
    }

    /// <summary>True if a change touches what the flip writes.</summary>
    private bool Concerns(NftEvent change)
    {
        TableId table = new(Backend.Nft, (Family)change.Family, change.Table);
        if (!_tables.Contains(table))
        {
            return false;
        }

        return change.Kind switch
        {
            NftMessage.NewRule or NftMessage.DelRule => _touched.Contains((table, change.Name)),
            NftMessage.NewSet or NftMessage.DelSet or NftMessage.NewSetElement or NftMessage.DelSetElement =>
                _touched.Contains((table, change.Name)),
            _ => true,
        };
    }

    /// <summary>Makes sure that live is as the plan found it, where the batch changes it.</summary>
    private void CheckUnchanged()
    {
        _generation = _socket.Generation();
        if (_generation != _planned.Generation || Drain(static _ => true) is not null)
        {
            Recheck();
        }
    }

    private void Recheck()
    {
        using SetNames names = new(_target);
        NftSnapshot now = NftSnapshot.Read(_socket, _watcher, names, _tables.Contains);
        _generation = now.Generation;
        foreach (TableId id in _tables)
        {
            Table? then = _planned.Find(id);
            Table? found = now.Tables.FirstOrDefault(table => table.Id == id);
            if (then is null != found is null)
            {
                throw new GenerationConflictException(id, null);
            }

            if (then is not null && Difference(id, then, found!) is { } where)
            {
                throw new GenerationConflictException(id, where);
            }
        }
    }

    /// <summary>The chain in which a table differs from what the plan found; empty for the table itself; null for none.</summary>
    private string? Difference(TableId id, Table then, Table now)
    {
        if (then.Extra is NftTableExtra extra && (!extra.SameContent(now.Extra) || extra.Handle != ((NftTableExtra)now.Extra!).Handle))
        {
            return "";
        }

        foreach (Chain chain in then.Chains)
        {
            if (now.Find(chain.Name) is not { } found || found.Hook != chain.Hook || found.Policy != chain.Policy
                || (_touched.Contains((id, chain.Name))
                    && !chain.Rules.Select(rule => (rule.Handle, rule.Key)).SequenceEqual(found.Rules.Select(rule => (rule.Handle, rule.Key)))))
            {
                return chain.Name;
            }
        }

        return then.Chains.Count == now.Chains.Count ? null : now.Chains.First(chain => then.Find(chain.Name) is null).Name;
    }
}
