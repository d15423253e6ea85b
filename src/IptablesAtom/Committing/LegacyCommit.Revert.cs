using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class LegacyCommit
{
    /// <summary>
    /// Brings the old tables back from wherever the commit stopped, in one step too, and lets go of the lock. Sets whose place or name
    /// changed meanwhile must have theirs again: the old rules look at the indexes that they looked at.
    /// </summary>
    internal void Revert()
    {
        try
        {
            if (_targets.Count > 0)
            {
                TakeLock();
            }

            if (Switched.Any(target => target.IsSettled))
            {
                RevertSettled([.. Switched]);
            }
            else if (_isFlipped)
            {
                _switch!.Flip();
                _isFlipped = false;
            }

            foreach (LegacyTarget target in _targets.Where(target => target.Current != target.LiveBlob))
            {
                PutBack(target);
            }

            _switch?.Destroy();
            _switch = null;
        }
        finally
        {
            Dispose();
        }
    }

    private void PutBack(LegacyTarget target)
    {
        XtablesSocket socket = _sockets[target.Id.Family];
        try
        {
            Replace(target, target.LiveBlob, merged: null);
            socket.AddCounters(target.Id.Name, target.Carry.ForLive());
        }
        catch (LegacyConflictException) when (target.Merged is not null)
        {
            // Changed by a program without the lock. What it did to the old side stays, the new side goes.
            using SetNames names = new(_namespace);
            XtablesBlob changed = socket.GetEntries(target.Id.Name);
            XtablesBlob old = Encode(LegacySets.BindAsRead(
                LegacyMerge.Split(LegacyDecoder.Decode(target.Id, changed, names.NameOf), _switch!.Prefix, isNew: false)));
            socket.Replace(target.Id.Name, old, changed.Info.EntryCount);
            target.Current = target.LiveBlob;
            target.Merged = null;
        }
    }

    /// <summary>
    /// Some tables are purely new already, others may still be merged and switched on: whatever is in the kernel now becomes the old side of
    /// another switch, whose new side is what was live before.
    /// </summary>
    private void RevertSettled(LegacyTarget[] targets)
    {
        using LegacyCommit back = new(
            _namespace, [.. targets.Select(target => new TableChange(target.Id, null, LegacySets.BindAsRead(target.Live)))]);
        try
        {
            back.Prepare(_setIndex);
            back.Apply();
            back.Settle(_setIndex);
            back.Finish();
        }
        catch
        {
            back.Revert();
            throw;
        }

        foreach (LegacyTarget target in targets)
        {
            target.Current = target.LiveBlob;
            target.Merged = null;
            _sockets[target.Id.Family].AddCounters(target.Id.Name, target.Carry.ForLive());
        }
    }
}
