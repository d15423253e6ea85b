using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>
/// Writes expressions without what differs between equal rules: counts, what a quota has consumed, indexes of ipsets (their names
/// stand instead), names of anonymous sets and bound chains (hashes of their contents stand instead).
/// </summary>
/// <param name="nameOf">An ipset's name by index.</param>
/// <param name="anonymous">The content hash of an anonymous set or bound chain by name; null for any other name.</param>
internal sealed class NftNormalizer(Func<ushort, string> nameOf, Func<string, UInt128?> anonymous)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>The hash of what was written since <see cref="Clear"/>.</summary>
    internal UInt128 Hash => XxHash128.HashToUInt128(_bytes.WrittenSpan);

    internal void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Bytes as they are, with their length before them, so that no two sequences run together alike.</summary>
    internal void Put(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), bytes.Length);
        _bytes.Advance(4);
        _bytes.Write(bytes);
    }

    internal void Put(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_bytes.GetSpan(16), value);
        _bytes.Advance(16);
    }

    internal void PutExpressions(ReadOnlySpan<byte> raw)
    {
        foreach (Expression expression in new ExpressionReader(raw))
        {
            PutExpression(expression);
        }
    }

    internal void PutExpression(Expression expression)
    {
        Put(expression.Name);
        if (expression.Is("counter"u8) || expression.Is("last"u8))
        {
            return;
        }

        if (expression.IsXt)
        {
            PutXt(expression);
        }
        else if (expression.Is("lookup"u8))
        {
            PutNamed(expression.Data, ExpressionAttribute.LookupSet, ExpressionAttribute.LookupSetId);
        }
        else if (expression.Is("dynset"u8))
        {
            PutNamed(expression.Data, ExpressionAttribute.DynamicSet, ExpressionAttribute.DynamicSetId);
        }
        else if (expression.Is("objref"u8))
        {
            PutNamed(expression.Data, ExpressionAttribute.ObjectSet, ExpressionAttribute.ObjectSetId);
        }
        else if (expression.Is("quota"u8))
        {
            PutNamed(expression.Data, -1, ExpressionAttribute.QuotaConsumed);
        }
        else if (expression.Is("immediate"u8) && expression.TryFind(ExpressionAttribute.ImmediateData, out var data))
        {
            _ = expression.TryFind(ExpressionAttribute.ImmediateDestination, out var register);
            Put(register.Value);
            PutData(data.Value);
        }
        else
        {
            Put(expression.Data);
        }
    }

    /// <summary>A value or verdict (NFTA_DATA_*), a bound chain in it by its content.</summary>
    internal void PutData(ReadOnlySpan<byte> data)
    {
        if (new AttributeReader(data).TryFind(ExpressionAttribute.DataVerdict, out var verdict)
            && verdict.Nested.TryFind(ExpressionAttribute.VerdictChain, out var chain))
        {
            _ = verdict.Nested.TryFind(ExpressionAttribute.VerdictCode, out var code);
            Put(code.Value);
            PutName(chain.AsString());
        }
        else
        {
            Put(data);
        }
    }

    /// <summary>All attributes, one of them a name that may be anonymous, one of them left out.</summary>
    internal void PutNamed(ReadOnlySpan<byte> data, int name, int without)
    {
        foreach (var attribute in new AttributeReader(data))
        {
            if (attribute.Type == name)
            {
                PutName(attribute.AsString());
            }
            else if (attribute.Type != without)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), attribute.Type);
                _bytes.Advance(4);
                Put(attribute.Value);
            }
        }
    }

    private void PutName(string name)
    {
        if (anonymous(name) is { } hash)
        {
            Put(hash);
        }
        else
        {
            Put(Encoding.Latin1.GetBytes(name));
        }
    }

    private void PutXt(Expression expression)
    {
        ReadOnlySpan<int> offsets = NftXtSets.OffsetsIn(expression);
        if (offsets.IsEmpty || !expression.TryFind(ExpressionAttribute.XtInfo, out var info))
        {
            Put(expression.Data);
            return;
        }

        _ = expression.TryFind(ExpressionAttribute.XtName, out var name);
        Put(name.Value);
        Put((UInt128)expression.Number(ExpressionAttribute.XtRevision));
        Span<byte> blob = stackalloc byte[info.Value.Length];
        info.Value.CopyTo(blob);
        foreach (int offset in offsets)
        {
            ushort index = BinaryPrimitives.ReadUInt16LittleEndian(blob[offset..]);
            BinaryPrimitives.WriteUInt16LittleEndian(blob[offset..], 0);
            Put(index == IpsetIndex.None ? [] : Encoding.Latin1.GetBytes(nameOf(index)));
        }

        Put(blob);
    }
}
