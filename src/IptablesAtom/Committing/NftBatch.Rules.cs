using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftBatch
{
    private static readonly Dictionary<string, uint> NoNames = [];

    /// <summary>Appends a rule to a chain.</summary>
    internal void AppendRule(TableId table, string chain, Rule rule) =>
        AddRule(table, chain, rule, NetlinkFlags.Create | NetlinkFlags.Append, 0, 0);

    /// <summary>Puts a rule before the one with that handle.</summary>
    internal void InsertRule(TableId table, string chain, Rule rule, ulong before) =>
        AddRule(table, chain, rule, NetlinkFlags.Create, RuleAttribute.Position, before);

    /// <summary>Puts a rule into the place of the one with that handle.</summary>
    internal void ReplaceRule(TableId table, string chain, Rule rule, ulong handle) =>
        AddRule(table, chain, rule, NetlinkFlags.Replace, RuleAttribute.Handle, handle);

    private void AddRule(TableId table, string chain, Rule rule, NetlinkFlags flags, int place, ulong handle)
    {
        Dictionary<string, uint> ids = AddCompanions(table, chain, rule);
        Begin(NftMessage.NewRule, table, flags, new("add rule", table, chain, Rule: rule));
        _writer.PutString(RuleAttribute.Table, table.Name);
        _writer.PutString(RuleAttribute.Chain, chain);
        if (place != 0)
        {
            _writer.PutUInt64Be(place, handle);
        }

        PutRule(table, rule, ids);
        _writer.EndMessage();
    }

    private void PutRule(TableId table, Rule rule, Dictionary<string, uint> ids)
    {
        // A rule without expressions has no such attribute at all.
        if (rule.Raw.Length > 0)
        {
            NftCompat compat = NftCompat.Of(table.Family, rule.Raw);
            int value = _writer.Length + 4;
            if (ids.Count > 0 || compat.MustBeRewritten || _names is not null)
            {
                byte[] raw = rule.Sets.Count > 0 || _names is not null ? Rewritten(table.Family, rule) : rule.Raw;
                using (_writer.Nested(RuleAttribute.Expressions))
                {
                    PutExpressions(raw, ids);
                }
            }
            else
            {
                _writer.PutBytes(RuleAttribute.Expressions | 0x8000, rule.Raw);
                foreach (SetReference set in rule.Sets)
                {
                    _writer.PatchUInt16(value + set.Offset, _setIndex(set.Name));
                }
            }

            if (compat.IsNeeded)
            {
                using (_writer.Nested(RuleAttribute.Compat))
                {
                    _writer.PutUInt32Be(1, compat.Protocol); // NFTA_RULE_COMPAT_PROTO
                    _writer.PutUInt32Be(2, compat.Flags); // NFTA_RULE_COMPAT_FLAGS
                }
            }
        }

        if (rule.UserData.Length > 0)
        {
            _writer.PutBytes(RuleAttribute.UserData, rule.UserData);
        }
    }

    private byte[] Rewritten(Family family, Rule rule)
    {
        byte[] raw = [.. rule.Raw];
        _names?.Apply(family, raw);
        foreach (SetReference set in rule.Sets)
        {
            BitConverter.TryWriteBytes(raw.AsSpan(set.Offset), _setIndex(set.Name));
        }

        return raw;
    }

    /// <summary>
    /// Makes what comes with the rule: bound chains and their rules, then anonymous sets, whose verdicts may name those chains. All
    /// of them have ids instead of names within the transaction; the kernel gives the names.
    /// </summary>
    private Dictionary<string, uint> AddCompanions(TableId table, string chain, Rule rule)
    {
        if (rule.Extra is not NftRuleExtra extra)
        {
            return NoNames;
        }

        Dictionary<string, uint> ids = new(StringComparer.Ordinal);
        foreach (Chain bound in extra.Chains)
        {
            uint id = ++_nextId;
            ids[bound.Name] = id;
            Begin(NftMessage.NewChain, table, NetlinkFlags.Create, new("add bound chain", table, chain, Rule: rule));
            _writer.PutString(ChainAttribute.Table, table.Name);
            _writer.PutUInt32Be(ChainAttribute.Id, id);
            _writer.PutRaw(bound.Raw);
            _writer.EndMessage();
            foreach (Rule inner in bound.Rules)
            {
                Dictionary<string, uint> innerIds = AddCompanions(table, chain, inner);
                Begin(NftMessage.NewRule, table, NetlinkFlags.Create | NetlinkFlags.Append, new("add rule", table, chain, Rule: rule));
                _writer.PutString(RuleAttribute.Table, table.Name);
                _writer.PutUInt32Be(RuleAttribute.ChainId, id);
                PutRule(table, inner, innerIds);
                _writer.EndMessage();
            }
        }

        foreach (NftSet set in extra.Sets)
        {
            uint id = ++_nextId;
            ids[set.Name] = id;
            string name = set.Name.StartsWith("__map", StringComparison.Ordinal) ? "__map%d" : "__set%d";
            BeginSet(table, set, name, id);
            _writer.EndMessage();
            AddElements(table, set, name, id, ids);
        }

        return ids;
    }

    private void AddElements(TableId table, NftSet set, string name, uint? id, Dictionary<string, uint> ids)
    {
        foreach (byte[] elements in set.Elements)
        {
            Begin(NftMessage.NewSetElement, table, NetlinkFlags.Create, new("add elements to set", table, Name: set.Name));
            _writer.PutString(SetElementListAttribute.Table, table.Name);
            _writer.PutString(SetElementListAttribute.Set, name);
            if (id is { } number)
            {
                _writer.PutUInt32Be(SetElementListAttribute.SetId, number);
            }

            if (ids.Count == 0)
            {
                _writer.PutBytes(SetElementListAttribute.Elements | 0x8000, elements);
            }
            else
            {
                using (_writer.Nested(SetElementListAttribute.Elements))
                {
                    PutElements(elements, ids);
                }
            }

            _writer.EndMessage();
        }
    }

    private void PutElements(byte[] elements, Dictionary<string, uint> ids)
    {
        foreach (var element in new AttributeReader(elements))
        {
            using (_writer.Nested(element.Type))
            {
                foreach (var attribute in element.Nested)
                {
                    if (attribute.Type == SetElementAttribute.Data)
                    {
                        PutData(attribute.Type, attribute.Value, ids);
                    }
                    else
                    {
                        _writer.PutBytes(attribute.RawType, attribute.Value);
                    }
                }
            }
        }
    }

    private void PutExpressions(byte[] raw, Dictionary<string, uint> ids)
    {
        foreach (Expression expression in new ExpressionReader(raw))
        {
            using (_writer.Nested(ExpressionAttribute.ListElement))
            {
                if (MustBeRewritten(expression, ids))
                {
                    _writer.PutString(ExpressionAttribute.Name, System.Text.Encoding.Latin1.GetString(expression.Name));
                    using (_writer.Nested(ExpressionAttribute.Data))
                    {
                        PutRewritten(expression, ids);
                    }
                }
                else
                {
                    _writer.PutRaw(expression.Whole);
                }
            }
        }
    }

    private static bool MustBeRewritten(Expression expression, Dictionary<string, uint> ids) =>
        NftCompat.IsDumpedDifferently(expression)
        || (NftRuleDecoder.SetOf(expression) is { } set && ids.ContainsKey(set))
        || (expression.Is("immediate"u8) && NftRuleDecoder.VerdictOf(expression, out string chain) is not null && ids.ContainsKey(chain));

    private void PutRewritten(Expression expression, Dictionary<string, uint> ids)
    {
        (int name, int id) = expression.Is("lookup"u8) ? (ExpressionAttribute.LookupSet, ExpressionAttribute.LookupSetId)
            : expression.Is("dynset"u8) ? (ExpressionAttribute.DynamicSet, ExpressionAttribute.DynamicSetId)
            : expression.Is("objref"u8) ? (ExpressionAttribute.ObjectSet, ExpressionAttribute.ObjectSetId)
            : (-1, -1);
        bool isHeader = expression.Is("exthdr"u8);
        bool isImmediate = expression.Is("immediate"u8);
        bool isDynamic = expression.Is("dynset"u8);
        foreach (var attribute in new AttributeReader(expression.Data))
        {
            if (attribute.Type == name && ids.TryGetValue(attribute.AsString(), out uint set))
            {
                string old = attribute.AsString();
                _writer.PutString(name, old.StartsWith("__map", StringComparison.Ordinal) ? "__map%d" : "__set%d");
                _writer.PutUInt32Be(id, set);
            }
            else if (isImmediate && attribute.Type == ExpressionAttribute.ImmediateData)
            {
                PutData(attribute.Type, attribute.Value, ids);
            }
            else if (attribute.Type == id
                || (isDynamic && attribute.Type == ExpressionAttribute.DynamicTimeout && attribute.AsUInt64Be() == 0)
                || (isHeader && attribute.Type == ExpressionAttribute.HeaderFlags))
            {
                // Dumped always, but not taken: an old id, no timeout, the flags of a header that is written.
                continue;
            }
            else
            {
                _writer.PutBytes(attribute.RawType, attribute.Value);
            }
        }
    }

    private void PutData(int type, ReadOnlySpan<byte> data, Dictionary<string, uint> ids)
    {
        if (NftRuleDecoder.VerdictIn(data, out string chain) is { } verdict && ids.TryGetValue(chain, out uint id))
        {
            using (_writer.Nested(type))
            using (_writer.Nested(ExpressionAttribute.DataVerdict))
            {
                _writer.PutUInt32Be(ExpressionAttribute.VerdictCode, (uint)(int)verdict);
                _writer.PutUInt32Be(ExpressionAttribute.VerdictChainId, id);
            }
        }
        else
        {
            _writer.PutBytes(type | 0x8000, data);
        }
    }
}
