using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Committing;

/// <summary>What a rule's message needs beside the expressions as they were dumped.</summary>
/// <param name="IsNeeded">True if NFTA_RULE_COMPAT must be sent: the rule has an xtables match or target.</param>
/// <param name="Protocol">The protocol that the rule matches; 0 if none.</param>
/// <param name="Flags">2 (NFT_RULE_COMPAT_F_INV) if it matches all other protocols.</param>
/// <param name="MustBeRewritten">True if an expression is dumped in a form that the kernel does not take.</param>
/// <remarks>
/// xtables extensions check the rule's protocol (<c>-m tcp</c> wants <c>-p tcp</c>), which nf_tables cannot tell from expressions:
/// the sender must say it, and the kernel never dumps it. So it is found as iptables finds it: in the first comparison of a register
/// that holds the protocol field.
/// </remarks>
internal readonly record struct NftCompat(bool IsNeeded, uint Protocol, uint Flags, bool MustBeRewritten)
{
    private const uint MetaProtocol = 1; // NFT_META_PROTOCOL
    private const uint MetaL4Protocol = 16; // NFT_META_L4PROTO
    private const uint Inverted = 2; // NFT_RULE_COMPAT_F_INV
    private const int Registers = 32;

    /// <summary>A field that a register holds; none while <paramref name="Kind"/> is 0.</summary>
    private readonly record struct Source(byte Kind, uint First, uint Offset, uint Length);

    internal static NftCompat Of(Family family, ReadOnlySpan<byte> raw)
    {
        Span<Source> registers = stackalloc Source[Registers];
        registers.Clear();
        bool needed = false;
        bool rewritten = false;
        (uint Protocol, uint Flags)? found = null;
        foreach (Expression expression in new ExpressionReader(raw))
        {
            if (expression.IsXt)
            {
                needed = family != Family.Arp; // arptables sends none
            }
            else if (expression.Is("meta"u8))
            {
                Load(registers, expression.Number(ExpressionAttribute.MetaDestination), new(1, expression.Number(ExpressionAttribute.MetaKey), 0, 0));
            }
            else if (expression.Is("payload"u8))
            {
                Load(registers, expression.Number(ExpressionAttribute.PayloadDestination), new(
                    2,
                    expression.Number(ExpressionAttribute.PayloadBase),
                    expression.Number(ExpressionAttribute.PayloadOffset),
                    expression.Number(ExpressionAttribute.PayloadLength)));
            }
            else if (expression.Is("bitwise"u8))
            {
                Load(registers, expression.Number(ExpressionAttribute.BitwiseDestination), default);
            }
            else if (expression.Is("cmp"u8))
            {
                found ??= Compared(family, registers, expression);
            }
            else
            {
                rewritten |= IsDumpedDifferently(expression);
            }
        }

        return new NftCompat(needed, found?.Protocol ?? 0, found?.Flags ?? 0, rewritten);
    }

    /// <summary>True if the kernel refuses what it dumps.</summary>
    internal static bool IsDumpedDifferently(Expression expression) =>
        (expression.Is("dynset"u8) && expression.TryFind(ExpressionAttribute.DynamicTimeout, out var timeout) && timeout.AsUInt64Be() == 0)
        || (expression.Is("exthdr"u8) && expression.TryFind(ExpressionAttribute.HeaderSource, out _));

    private static void Load(Span<Source> registers, uint register, Source source)
    {
        if (register != 0 && register < Registers)
        {
            registers[(int)register] = source;
        }
    }

    private static (uint Protocol, uint Flags)? Compared(Family family, Span<Source> registers, Expression expression)
    {
        uint register = expression.Number(ExpressionAttribute.CompareSource);
        uint comparison = expression.Number(ExpressionAttribute.CompareOperator);
        if (register >= Registers || comparison > 1 // NFT_CMP_EQ, NFT_CMP_NEQ
            || !expression.TryFind(ExpressionAttribute.CompareData, out var data)
            || !data.Nested.TryFind(ExpressionAttribute.DataValue, out var value))
        {
            return null;
        }

        Source source = registers[(int)register];
        bool isProtocol = family switch
        {
            Family.Ipv4 => source == new Source(1, MetaL4Protocol, 0, 0) || source == new Source(2, 1, 9, 1),
            Family.Ipv6 => source == new Source(1, MetaL4Protocol, 0, 0) || source == new Source(2, 1, 6, 1),
            Family.Bridge => source == new Source(1, MetaProtocol, 0, 0) || source == new Source(2, 0, 12, 2),
            _ => false,
        };
        if (!isProtocol || value.Value.IsEmpty)
        {
            return null;
        }

        // ebtables writes the EtherType's two network-order bytes as a number of the host's order.
        uint protocol = family == Family.Bridge && value.Value.Length >= 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(value.Value)
            : value.Value[0];
        return (protocol, comparison == 1 ? Inverted : 0);
    }
}
