using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>Makes a <see cref="Rule"/> of what the kernel dumped.</summary>
/// <param name="normalizer">Writes what the key is made of.</param>
/// <param name="nameOf">An ipset's name by index.</param>
/// <param name="isAnonymous">True for the name of an anonymous set or of a bound chain.</param>
/// <param name="extraOf">What comes and goes with a rule that refers to these anonymous names.</param>
/// <param name="keepsBytes">False for rules that are only compared: they come without their bytes.</param>
internal sealed class NftRuleDecoder(
    NftNormalizer normalizer,
    Func<ushort, string> nameOf,
    Func<string, bool> isAnonymous,
    Func<IReadOnlyList<string>, NftRuleExtra> extraOf,
    bool keepsBytes)
{
    /// <summary>Decodes a rule.</summary>
    /// <param name="handle">NFTA_RULE_HANDLE.</param>
    /// <param name="raw">The value of NFTA_RULE_EXPRESSIONS.</param>
    /// <param name="userData">The value of NFTA_RULE_USERDATA.</param>
    internal Rule Decode(ulong handle, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> userData)
    {
        List<SetReference>? sets = null;
        List<string>? names = null;
        Counter counter = default;
        string? jump = null;
        bool isGoto = false;
        foreach (Expression expression in new ExpressionReader(raw))
        {
            if (expression.IsXt)
            {
                AddSets(raw, expression, ref sets);
            }
            else if (expression.Is("counter"u8))
            {
                counter = CounterOf(expression.Data);
            }
            else if (expression.Is("immediate"u8))
            {
                Verdict? verdict = VerdictOf(expression, out string chain);
                if (verdict is Verdict.Jump or Verdict.Goto)
                {
                    if (isAnonymous(chain))
                    {
                        (names ??= []).Add(chain);
                    }
                    else
                    {
                        jump ??= chain;
                        isGoto |= verdict == Verdict.Goto;
                    }
                }
            }
            else if (SetOf(expression) is { } set && isAnonymous(set))
            {
                (names ??= []).Add(set);
            }
        }

        NftRuleExtra? extra = names is null ? null : extraOf(names);
        normalizer.Clear();
        normalizer.PutExpressions(raw);
        normalizer.Put(userData);
        return new Rule
        {
            Raw = keepsBytes ? raw.ToArray() : [],
            UserData = keepsBytes ? userData.ToArray() : [],
            Key = RuleKey.Of(normalizer.Written),
            Handle = handle,
            Jump = jump,
            IsGoto = isGoto,
            Sets = sets ?? (IReadOnlyList<SetReference>)[],
            Counter = counter,
            Extra = extra,
        };
    }

    /// <summary>The verdict of an <c>immediate</c> expression, or null if it loads a register.</summary>
    internal static Verdict? VerdictOf(Expression immediate, out string chain)
    {
        chain = "";
        return immediate.TryFind(ExpressionAttribute.ImmediateData, out var data) ? VerdictIn(data.Value, out chain) : null;
    }

    /// <summary>The verdict of a value (NFTA_DATA_*), or null if it is none.</summary>
    internal static Verdict? VerdictIn(ReadOnlySpan<byte> data, out string chain)
    {
        chain = "";
        if (!new AttributeReader(data).TryFind(ExpressionAttribute.DataVerdict, out var verdict)
            || !verdict.Nested.TryFind(ExpressionAttribute.VerdictCode, out var code))
        {
            return null;
        }

        chain = verdict.Nested.TryFind(ExpressionAttribute.VerdictChain, out var name) ? name.AsString() : "";
        return (Verdict)(int)code.AsUInt32Be();
    }

    /// <summary>The set of the table that an expression uses, or null.</summary>
    internal static string? SetOf(Expression expression)
    {
        int type = expression.Is("lookup"u8) ? ExpressionAttribute.LookupSet
            : expression.Is("dynset"u8) ? ExpressionAttribute.DynamicSet
            : expression.Is("objref"u8) ? ExpressionAttribute.ObjectSet
            : 0;
        return type != 0 && expression.TryFind(type, out var name) ? name.AsString() : null;
    }

    /// <summary>The value of a counter (NFTA_COUNTER_*).</summary>
    internal static Counter CounterOf(ReadOnlySpan<byte> data)
    {
        AttributeReader attributes = new(data);
        ulong bytes = attributes.TryFind(ExpressionAttribute.CounterBytes, out var first) ? first.AsUInt64Be() : 0;
        return new Counter(attributes.TryFind(ExpressionAttribute.CounterPackets, out var second) ? second.AsUInt64Be() : 0, bytes);
    }

    private void AddSets(ReadOnlySpan<byte> raw, Expression expression, ref List<SetReference>? sets)
    {
        ReadOnlySpan<int> offsets = NftXtSets.OffsetsIn(expression);
        if (offsets.IsEmpty || !expression.TryFind(ExpressionAttribute.XtInfo, out var info))
        {
            return;
        }

        _ = raw.Overlaps(info.Value, out int start);
        foreach (int offset in offsets)
        {
            ushort index = BinaryPrimitives.ReadUInt16LittleEndian(info.Value[offset..]);
            if (index != IpsetIndex.None)
            {
                (sets ??= []).Add(new SetReference(start + offset, nameOf(index)));
            }
        }
    }
}
