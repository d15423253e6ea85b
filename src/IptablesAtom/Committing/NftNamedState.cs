using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Committing;

/// <summary>State that the kernel keeps by a name inside an xtables blob: the buckets of hashlimit, the estimators of RATEEST.</summary>
/// <param name="Kind">The extension.</param>
/// <param name="Family">The family: hashlimit keeps its names apart; estimators are common to all (0).</param>
/// <param name="Name">The name.</param>
internal readonly record struct NftNamedState(NftNamedState.Extension Kind, Family Family, string Name)
{
    /// <summary>The extensions that keep such state.</summary>
    internal enum Extension
    {
        /// <summary>The match hashlimit.</summary>
        Hashlimit,

        /// <summary>The target RATEEST and the match rateest that reads it.</summary>
        RateEstimator,
    }

    /// <summary>A name in a rule's bytes.</summary>
    /// <param name="State">What it names.</param>
    /// <param name="Offset">Where.</param>
    /// <param name="Size">The room for it, NUL included.</param>
    /// <param name="Parameters">A hash of what the state is made with; null where the rule only reads it.</param>
    internal readonly record struct Place(NftNamedState State, int Offset, int Size, UInt128? Parameters);

    /// <summary>The names in a rule.</summary>
    internal static List<Place> In(Family family, byte[] raw)
    {
        List<Place> places = [];
        foreach (Expression expression in new ExpressionReader(raw))
        {
            if (!expression.IsXt || !expression.TryFind(ExpressionAttribute.XtName, out var name)
                || !expression.TryFind(ExpressionAttribute.XtInfo, out var info))
            {
                continue;
            }

            _ = raw.AsSpan().Overlaps(info.Value, out int start);
            ReadOnlySpan<byte> extension = name.Value.TrimEnd((byte)0);
            if (extension.SequenceEqual("hashlimit"u8))
            {
                int size = expression.Number(ExpressionAttribute.XtRevision) == 1 ? 16 : 255;
                Add(Extension.Hashlimit, family, raw, start, size, info.Value[size..]);
            }
            else if (extension.SequenceEqual("RATEEST"u8))
            {
                Add(Extension.RateEstimator, 0, raw, start, 16, info.Value.Slice(16, 2)); // interval, ewma
            }
            else if (extension.SequenceEqual("rateest"u8))
            {
                Add(Extension.RateEstimator, 0, raw, start, 16, default);
                Add(Extension.RateEstimator, 0, raw, start + 16, 16, default);
            }
        }

        return places;

        void Add(Extension kind, Family of, byte[] bytes, int offset, int size, ReadOnlySpan<byte> parameters)
        {
            ReadOnlySpan<byte> text = bytes.AsSpan(offset, size);
            text = text[..(text.IndexOf((byte)0) is var end and >= 0 ? end : size)];
            if (text.Length > 0)
            {
                NftNamedState state = new(kind, of, Encoding.Latin1.GetString(text));
                places.Add(new Place(state, offset, size, parameters.IsEmpty ? null : RuleKey.Of(parameters).Value));
            }
        }
    }
}
