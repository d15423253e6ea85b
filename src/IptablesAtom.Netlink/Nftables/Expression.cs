using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Nftables;

/// <summary>One expression of a rule, without copying.</summary>
internal readonly ref struct Expression
{
    /// <param name="whole">The value of NFTA_LIST_ELEM (or of an element's NFTA_SET_ELEM_EXPR): name and data.</param>
    internal Expression(ReadOnlySpan<byte> whole)
    {
        Whole = whole;
        foreach (Netlink.Attribute attribute in new AttributeReader(whole))
        {
            switch (attribute.Type)
            {
                case ExpressionAttribute.Name:
                    Name = attribute.Value.TrimEnd((byte)0);
                    break;
                case ExpressionAttribute.Data:
                    Data = attribute.Value;
                    break;
            }
        }
    }

    /// <summary>Name and data as they are on the wire.</summary>
    internal ReadOnlySpan<byte> Whole { get; }

    /// <summary>Its kind, without the NUL.</summary>
    internal ReadOnlySpan<byte> Name { get; }

    /// <summary>Its attributes.</summary>
    internal ReadOnlySpan<byte> Data { get; }

    /// <summary>True if it is of that kind.</summary>
    internal bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    /// <summary>True for an xtables match or target inside nf_tables.</summary>
    internal bool IsXt => Is("match"u8) || Is("target"u8);

    /// <summary>The first attribute of a type in its data.</summary>
    internal bool TryFind(int type, out Netlink.Attribute attribute) => new AttributeReader(Data).TryFind(type, out attribute);

    /// <summary>A 32-bit attribute of its data, big endian; 0 if it is not there.</summary>
    internal uint Number(int type) => TryFind(type, out Netlink.Attribute attribute) ? attribute.AsUInt32Be() : 0;
}
