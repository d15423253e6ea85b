using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftTableWork
{
    /// <summary>
    /// Sets, objects and flowtables. Where only elements differ, the set stays and its elements are changed; else the thing is made anew
    /// under its name, which it can be while no rule uses it: then all the table's rules are written again.
    /// </summary>
    private void PrepareObjects(NftTableExtra before, NftTableExtra after)
    {
        bool objectsChange = PrepareObjects(before.Objects, after.Objects,
            static (batch, id, each) => batch.DeleteObject(id, each), static (batch, id, each) => batch.AddObject(id, each));
        bool flowtablesChange = PrepareObjects(before.Flowtables, after.Flowtables,
            static (batch, id, each) => batch.DeleteFlowtable(id, each.Name), static (batch, id, each) => batch.AddFlowtable(id, each));
        _refill = objectsChange || flowtablesChange;
        Dictionary<string, NftSet> live = before.Sets.ToDictionary(set => set.Name, StringComparer.Ordinal);
        foreach (NftSet set in after.Sets)
        {
            if (!live.Remove(set.Name, out NftSet? old))
            {
                Touched.Add(set.Name);
                _writer.Add(NftPhase.Objects, batch => batch.AddSet(_id, set));
            }
            else if (old.HeaderHash != set.HeaderHash || (objectsChange && RefersToObjects(set)))
            {
                _refill = true;
                Touched.Add(set.Name);
                DeleteSet(set.Name);
                _writer.Add(NftPhase.Objects, batch => batch.AddSet(_id, set));
            }
            else if (old.ElementsHash != set.ElementsHash)
            {
                Touched.Add(set.Name);
                _writer.Add(NftPhase.DeleteObjects, batch => batch.FlushSet(_id, set.Name));
                _writer.Add(NftPhase.Objects, batch => batch.AddElements(_id, set));
            }
        }

        // In a table of iptables, named sets are somebody else's: iptables makes none.
        foreach (string gone in _id.IsXtables ? [] : live.Keys.ToArray())
        {
            _refill = true;
            Touched.Add(gone);
            DeleteSet(gone);
        }
    }

    private void DeleteSet(string name) => _writer.Add(NftPhase.DeleteObjects, batch => batch.DeleteSet(_id, name));

    private bool PrepareObjects(
        IReadOnlyList<NftObject> before,
        IReadOnlyList<NftObject> after,
        Action<NftBatch, Model.TableId, NftObject> delete,
        Action<NftBatch, Model.TableId, NftObject> add)
    {
        Dictionary<(string, uint), NftObject> live = before.ToDictionary(each => (each.Name, each.Type));
        bool changed = false;
        foreach (NftObject each in after)
        {
            if (live.Remove((each.Name, each.Type), out NftObject? old))
            {
                if (old.Hash == each.Hash)
                {
                    continue;
                }

                changed = true;
                _writer.Add(NftPhase.DeleteObjects, batch => delete(batch, _id, old));
            }

            Touched.Add(each.Name);
            _writer.Add(NftPhase.Objects, batch => add(batch, _id, each));
        }

        foreach (NftObject gone in _id.IsXtables ? [] : live.Values.ToArray())
        {
            changed = true;
            Touched.Add(gone.Name);
            _writer.Add(NftPhase.DeleteObjects, batch => delete(batch, _id, gone));
        }

        return changed;
    }

    private static bool RefersToObjects(NftSet set) => new AttributeReader(set.Attributes).TryFind(SetAttribute.ObjectType, out _);
}
