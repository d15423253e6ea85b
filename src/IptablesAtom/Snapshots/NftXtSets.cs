using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>Where the blobs of the <c>set</c> match and the <c>SET</c> target hold indexes of ipsets.</summary>
internal static class NftXtSets
{
    /// <summary>Offsets in the blob; empty for any other expression.</summary>
    internal static ReadOnlySpan<int> OffsetsIn(Expression expression)
    {
        if (!expression.TryFind(ExpressionAttribute.XtName, out var name))
        {
            return [];
        }

        ReadOnlySpan<byte> text = name.Value.TrimEnd((byte)0);
        if (expression.Is("match"u8))
        {
            return text.SequenceEqual("set"u8) ? [0] : [];
        }

        return !text.SequenceEqual("SET"u8) ? [] : expression.Number(ExpressionAttribute.XtRevision) switch
        {
            0 => [0, 32],
            1 or 2 => [0, 4],
            _ => [0, 4, 8],
        };
    }
}
