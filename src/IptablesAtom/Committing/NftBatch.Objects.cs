using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftBatch
{
    /// <summary>Makes a table, or gives an existing one its flags.</summary>
    internal void AddTable(TableId table, NftTableExtra extra, bool exists)
    {
        Begin(NftMessage.NewTable, table, exists ? NetlinkFlags.None : NetlinkFlags.Create, new("add table", table));
        _writer.PutString(TableAttribute.Name, table.Name);

        // Of the flags only this one is the table's own; ownership belongs to the socket that asked for it.
        _writer.PutUInt32Be(TableAttribute.Flags, extra.Flags & NftFlags.TableDormant);
        if (!exists && extra.UserData.Length > 0)
        {
            _writer.PutBytes(TableAttribute.UserData, extra.UserData);
        }

        _writer.EndMessage();
    }

    internal void DeleteTable(TableId table)
    {
        Begin(NftMessage.DelTable, table, NetlinkFlags.None, new("delete table", table));
        _writer.PutString(TableAttribute.Name, table.Name);
        _writer.EndMessage();
    }

    /// <summary>Makes a chain.</summary>
    internal void AddChain(TableId table, Chain chain, Policy policy)
    {
        Begin(NftMessage.NewChain, table, NetlinkFlags.Create, new("add chain", table, chain.Name));
        _writer.PutString(ChainAttribute.Table, table.Name);
        _writer.PutString(ChainAttribute.Name, chain.Name);
        if (chain.Hook is { } hook)
        {
            if (!new AttributeReader(chain.Raw).TryFind(ChainAttribute.Hook, out _))
            {
                PutHook(hook);
            }

            _writer.PutUInt32Be(ChainAttribute.Policy, (uint)policy);
            _writer.PutString(ChainAttribute.Type, hook.Type);
            if (chain.Counter != default)
            {
                using (_writer.Nested(ChainAttribute.Counters))
                {
                    _writer.PutUInt64Be(ExpressionAttribute.CounterBytes, chain.Counter.Bytes);
                    _writer.PutUInt64Be(ExpressionAttribute.CounterPackets, chain.Counter.Packets);
                }
            }
        }

        _writer.PutRaw(chain.Raw);
        _writer.EndMessage();
    }

    /// <summary>Changes the policy of a base chain.</summary>
    internal void SetPolicy(TableId table, string chain, Policy policy)
    {
        Begin(NftMessage.NewChain, table, NetlinkFlags.None, new($"set policy {(policy == Policy.Drop ? "DROP" : "ACCEPT")}", table, chain));
        _writer.PutString(ChainAttribute.Table, table.Name);
        _writer.PutString(ChainAttribute.Name, chain);
        _writer.PutUInt32Be(ChainAttribute.Policy, (uint)policy);
        _writer.EndMessage();
    }

    internal void FlushChain(TableId table, string chain)
    {
        Begin(NftMessage.DelRule, table, NetlinkFlags.None, new("flush", table, chain));
        _writer.PutString(RuleAttribute.Table, table.Name);
        _writer.PutString(RuleAttribute.Chain, chain);
        _writer.EndMessage();
    }

    internal void DeleteChain(TableId table, string chain)
    {
        Begin(NftMessage.DelChain, table, NetlinkFlags.None, new("delete chain", table, chain));
        _writer.PutString(ChainAttribute.Table, table.Name);
        _writer.PutString(ChainAttribute.Name, chain);
        _writer.EndMessage();
    }

    internal void DeleteRule(TableId table, string chain, ulong handle, Rule? rule = null)
    {
        Begin(NftMessage.DelRule, table, NetlinkFlags.None, new("delete rule", table, chain, Rule: rule));
        _writer.PutString(RuleAttribute.Table, table.Name);
        _writer.PutString(RuleAttribute.Chain, chain);
        _writer.PutUInt64Be(RuleAttribute.Handle, handle);
        _writer.EndMessage();
    }

    /// <summary>Makes a named set or map, and fills it.</summary>
    internal void AddSet(TableId table, NftSet set)
    {
        uint id = ++_nextId;
        BeginSet(table, set, set.Name, id);
        _writer.EndMessage();
        AddElements(table, set);
    }

    /// <summary>Puts the elements into a named set or map that exists.</summary>
    internal void AddElements(TableId table, NftSet set) => AddElements(table, set, set.Name, id: null, NoNames);

    internal void FlushSet(TableId table, string set)
    {
        Begin(NftMessage.DelSetElement, table, NetlinkFlags.None, new("flush set", table, Name: set));
        _writer.PutString(SetElementListAttribute.Table, table.Name);
        _writer.PutString(SetElementListAttribute.Set, set);
        _writer.EndMessage();
    }

    internal void DeleteSet(TableId table, string set)
    {
        Begin(NftMessage.DelSet, table, NetlinkFlags.None, new("delete set", table, Name: set));
        _writer.PutString(SetAttribute.Table, table.Name);
        _writer.PutString(SetAttribute.Name, set);
        _writer.EndMessage();
    }

    internal void AddObject(TableId table, NftObject @object)
    {
        Begin(NftMessage.NewObject, table, NetlinkFlags.Create, new("add object", table, Name: @object.Name));
        _writer.PutString(ObjectAttribute.Table, table.Name);
        _writer.PutString(ObjectAttribute.Name, @object.Name);
        _writer.PutRaw(@object.Attributes);
        _writer.EndMessage();
    }

    internal void DeleteObject(TableId table, NftObject @object)
    {
        Begin(NftMessage.DelObject, table, NetlinkFlags.None, new("delete object", table, Name: @object.Name));
        _writer.PutString(ObjectAttribute.Table, table.Name);
        _writer.PutString(ObjectAttribute.Name, @object.Name);
        _writer.PutUInt32Be(ObjectAttribute.Type, @object.Type);
        _writer.EndMessage();
    }

    internal void AddFlowtable(TableId table, NftObject flowtable)
    {
        Begin(NftMessage.NewFlowtable, table, NetlinkFlags.Create, new("add flowtable", table, Name: flowtable.Name));
        _writer.PutString(FlowtableAttribute.Table, table.Name);
        _writer.PutString(FlowtableAttribute.Name, flowtable.Name);
        _writer.PutRaw(flowtable.Attributes);
        _writer.EndMessage();
    }

    internal void DeleteFlowtable(TableId table, string flowtable)
    {
        Begin(NftMessage.DelFlowtable, table, NetlinkFlags.None, new("delete flowtable", table, Name: flowtable));
        _writer.PutString(FlowtableAttribute.Table, table.Name);
        _writer.PutString(FlowtableAttribute.Name, flowtable);
        _writer.EndMessage();
    }

    private void PutHook(Hook hook)
    {
        using (_writer.Nested(ChainAttribute.Hook))
        {
            _writer.PutUInt32Be(HookAttribute.Number, (uint)hook.Number);
            _writer.PutUInt32Be(HookAttribute.Priority, (uint)hook.Priority);
            if (hook.Device.Length > 0)
            {
                _writer.PutString(HookAttribute.Device, hook.Device);
            }
        }
    }

    private void BeginSet(TableId table, NftSet set, string name, uint id)
    {
        Begin(NftMessage.NewSet, table, NetlinkFlags.Create, new("add set", table, Name: set.Name));
        _writer.PutString(SetAttribute.Table, table.Name);
        _writer.PutString(SetAttribute.Name, name);
        _writer.PutUInt32Be(SetAttribute.Id, id);
        _writer.PutRaw(set.Attributes);
    }
}
