using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>Reads one table: rules chain by chain, sets with their elements, objects.</summary>
/// <remarks>
/// A dump of one chain's rules restarts, for each message of it, at that chain; a dump of all chains at the first one: its time
/// grows with the square of the rules.
/// </remarks>
internal sealed partial class NftTableReader
{
    private readonly NftSocket _socket;
    private readonly TableId _id;
    private readonly NftLists.Entry _entry;
    private readonly NftRuleDecoder _decoder;
    private readonly NftNormalizer _normalizer;
    private readonly Dictionary<string, byte[]> _boundChains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Chain Chain, UInt128 Hash)> _boundRead = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NftSet> _sets = new(StringComparer.Ordinal);
    private readonly Func<ushort, string> _nameOf;

    /// <param name="socket">The way to the kernel.</param>
    /// <param name="id">The table.</param>
    /// <param name="entry">Its chains and sets, as listed.</param>
    /// <param name="names">The names of ipsets.</param>
    /// <param name="keepsBytes">False if rules are only compared: then they come without their bytes.</param>
    internal NftTableReader(NftSocket socket, TableId id, NftLists.Entry entry, SetNames names, bool keepsBytes)
    {
        _socket = socket;
        _id = id;
        _entry = entry;
        _nameOf = names.NameOf;
        _normalizer = new NftNormalizer(_nameOf, HashOf);
        _decoder = new NftRuleDecoder(_normalizer, _nameOf, IsAnonymous, ExtraOf, keepsBytes);
    }

    /// <summary>Reads it.</summary>
    /// <param name="known">The rules of chains that need not be read.</param>
    internal Table Read(Func<TableId, string, IReadOnlyList<Rule>?> known)
    {
        foreach (byte[] chain in _entry.Chains)
        {
            AttributeReader attributes = new(chain);
            if (attributes.TryFind(ChainAttribute.Flags, out var flags) && (flags.AsUInt32Be() & NftFlags.ChainBinding) != 0
                && attributes.TryFind(ChainAttribute.Name, out var name))
            {
                _boundChains.Add(name.AsString(), chain);
            }
        }

        foreach (byte[] set in _entry.Sets)
        {
            NftSet read = ReadSet(set);
            _sets.Add(read.Name, read);
        }

        foreach (string bound in _boundChains.Keys)
        {
            BoundChain(bound);
        }

        NftTableExtra extra = ReadExtra();
        List<Chain> chains = new(_entry.Chains.Count);
        foreach (byte[] attributes in _entry.Chains)
        {
            Chain chain = ReadChain(attributes);
            if (!_boundChains.ContainsKey(chain.Name))
            {
                chains.Add(chain.With(known(_id, chain.Name) ?? ReadRules(chain.Name)));
            }
        }

        return new Table { Id = _id, Chains = chains, Extra = extra };
    }

    /// <summary>Reads the rules of one chain, when those of the bound chains are read: one answer of the kernel at a time.</summary>
    private List<Rule> ReadRules(string chain)
    {
        List<Rule> rules = [];
        NftDumpedRule.Read(_socket, _id, chain, (handle, raw, userData) => rules.Add(_decoder.Decode(handle, raw, userData)));
        return rules;
    }

    private static Chain ReadChain(byte[] dumped)
    {
        Hook? hook = null;
        Policy policy = Policy.Accept;
        Counter counter = default;
        string name = "";
        string type = "";
        using MessageWriter raw = new(256);
        foreach (var attribute in new AttributeReader(dumped))
        {
            switch (attribute.Type)
            {
                case ChainAttribute.Name:
                    name = attribute.AsString();
                    break;
                case ChainAttribute.Hook:
                    hook = ReadHook(attribute.Nested);
                    raw.PutBytes(attribute.RawType, attribute.Value);
                    break;
                case ChainAttribute.Policy:
                    policy = (Policy)attribute.AsUInt32Be();
                    break;
                case ChainAttribute.Type:
                    type = attribute.AsString();
                    break;
                case ChainAttribute.Counters:
                    counter = NftRuleDecoder.CounterOf(attribute.Value);
                    break;
                case ChainAttribute.Flags or ChainAttribute.UserData:
                    raw.PutBytes(attribute.RawType, attribute.Value);
                    break;
            }
        }

        return new Chain
        {
            Name = name,
            Hook = hook is { } at ? at with { Type = type } : null,
            Policy = policy,
            Counter = counter,
            Rules = [],
            Raw = raw.Written.ToArray(),
        };
    }

    private static Hook ReadHook(AttributeReader attributes)
    {
        int number = 0;
        int priority = 0;
        List<string> devices = [];
        foreach (var attribute in attributes)
        {
            switch (attribute.Type)
            {
                case HookAttribute.Number:
                    number = (int)attribute.AsUInt32Be();
                    break;
                case HookAttribute.Priority:
                    priority = (int)attribute.AsUInt32Be();
                    break;
                case HookAttribute.Device:
                    devices.Add(attribute.AsString());
                    break;
                case HookAttribute.Devices:
                    devices.Clear();
                    foreach (var device in attribute.Nested)
                    {
                        devices.Add(device.AsString());
                    }

                    break;
            }
        }

        return new Hook(number, priority, "", string.Join(',', devices));
    }

    private bool IsAnonymous(string name) => _boundChains.ContainsKey(name)
        || (_sets.TryGetValue(name, out NftSet? set) && (set.Flags & NftFlags.SetAnonymous) != 0);

    private UInt128? HashOf(string name) =>
        _boundChains.ContainsKey(name) ? BoundChain(name).Hash
        : _sets.TryGetValue(name, out NftSet? set) && (set.Flags & NftFlags.SetAnonymous) != 0 ? set.HeaderHash ^ set.ElementsHash
        : null;

    private (Chain Chain, UInt128 Hash) BoundChain(string name)
    {
        if (!_boundRead.TryGetValue(name, out (Chain, UInt128) bound))
        {
            // A reader of its own: this one's normaliser is amid the rule that binds the chain.
            NftTableReader inner = new(this);
            List<Rule> rules = NftDumpedRule.Read(_socket, _id, name).ConvertAll(rule => inner._decoder.Decode(rule.Handle, rule.Raw, rule.UserData));
            inner._normalizer.Clear();
            rules.ForEach(rule => inner._normalizer.Put(rule.Key.Value));
            bound = (ReadChain(_boundChains[name]).With(rules), inner._normalizer.Hash);
            _boundRead.Add(name, bound);
        }

        return bound;
    }

    private NftTableReader(NftTableReader outer)
    {
        _socket = outer._socket;
        _id = outer._id;
        _entry = outer._entry;
        _nameOf = outer._nameOf;
        _boundChains = outer._boundChains;
        _boundRead = outer._boundRead;
        _sets = outer._sets;
        _normalizer = new NftNormalizer(_nameOf, HashOf);
        _decoder = new NftRuleDecoder(_normalizer, _nameOf, IsAnonymous, ExtraOf, keepsBytes: true);
    }

    private NftRuleExtra ExtraOf(IReadOnlyList<string> names)
    {
        List<NftSet> sets = [];
        List<Chain> chains = [];
        Add(names);
        return new NftRuleExtra(sets, chains);

        // Inner chains stand before the chain whose rule binds them: the kernel wants them so.
        void Add(IEnumerable<string> wanted)
        {
            foreach (string name in wanted)
            {
                if (_boundChains.ContainsKey(name))
                {
                    Chain chain = BoundChain(name).Chain;
                    chains.Add(chain);
                }
                else if (_sets.TryGetValue(name, out NftSet? set))
                {
                    sets.Add(set);
                    Add(ChainsIn(set));
                }
            }
        }
    }

    private List<string> ChainsIn(NftSet set)
    {
        List<string> names = [];
        foreach (byte[] elements in set.Elements)
        {
            foreach (var element in new AttributeReader(elements))
            {
                if (element.Nested.TryFind(SetElementAttribute.Data, out var data)
                    && NftRuleDecoder.VerdictIn(data.Value, out string chain) is not null && _boundChains.ContainsKey(chain))
                {
                    names.Add(chain);
                }
            }
        }

        return names;
    }
}
