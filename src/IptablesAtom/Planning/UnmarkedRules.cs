using IptablesAtom.Model;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Planning;

/// <summary>Rules of well-known programs that carry neither a name nor a comment nor an interface of theirs.</summary>
internal static class UnmarkedRules
{
    private const int AddressLength = 4;

    /// <summary>
    /// Docker's hairpin rule for a published port: <c>-s A/32 -d A/32 ... -j MASQUERADE</c>. Nobody else masquerades
    /// what a host sends to itself.
    /// </summary>
    internal static bool IsHairpinMasquerade(TableId table, Rule rule) =>
        table is { Family: Family.Ipv4, Name: "nat" }
        && rule.Raw.AsSpan().IndexOf("MASQUERADE"u8) >= 0
        && (table.Backend == Backend.Legacy ? IsToItself(rule.Raw) : IsToItself(new ExpressionReader(rule.Raw)));

    /// <summary>struct ipt_ip begins with source, destination and their masks.</summary>
    private static bool IsToItself(ReadOnlySpan<byte> entry) =>
        entry.Length > 4 * AddressLength
        && entry[..4].SequenceEqual(entry[4..8])
        && entry[8..16].IndexOfAnyExcept((byte)0xff) < 0;

    private static bool IsToItself(ExpressionReader expressions)
    {
        Span<byte> seen = stackalloc byte[AddressLength];
        bool any = false;
        foreach (Expression expression in expressions)
        {
            if (!expression.Is("cmp"u8)
                || !expression.TryFind(ExpressionAttribute.CompareData, out Netlink.Netlink.Attribute data)
                || !data.Nested.TryFind(ExpressionAttribute.DataValue, out Netlink.Netlink.Attribute value)
                || value.Value.Length != AddressLength)
            {
                continue;
            }

            if (any && value.Value.SequenceEqual(seen))
            {
                return true;
            }

            value.Value.CopyTo(seen);
            any = true;
        }

        return false;
    }
}
