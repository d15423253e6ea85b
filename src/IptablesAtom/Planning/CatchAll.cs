using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Nftables;
using NetlinkAttribute = IptablesAtom.Netlink.Netlink.Attribute;

namespace IptablesAtom.Planning;

/// <summary>Rules that end the way of every packet, such as <c>-j DROP</c> as the last of a chain: nothing behind them is ever met.</summary>
internal static class CatchAll
{
    private const int TargetNameOffset = 2;
    private const int VerdictOffset = 32;

    internal static bool Is(TableId table, Rule rule) =>
        rule.Jump is null && rule.Sets.Count == 0 && (table.Backend, table.Family) switch
        {
            (Backend.Nft, _) => IsEnd(new ExpressionReader(rule.Raw)),
            (_, Family.Ipv4) => IsEnd(rule.Raw, addressSize: 84, targetOffset: 88, entrySize: 112),
            (_, Family.Ipv6) => IsEnd(rule.Raw, addressSize: 136, targetOffset: 140, entrySize: 168),
            _ => false,
        };

    /// <summary>Nothing but counters and a verdict.</summary>
    private static bool IsEnd(ExpressionReader expressions)
    {
        bool isEnd = false;
        foreach (Expression expression in expressions)
        {
            if (expression.Is("immediate"u8) || expression.Is("reject"u8))
            {
                isEnd = true;
            }
            else if (expression.Is("target"u8) && expression.TryFind(ExpressionAttribute.XtName, out NetlinkAttribute name))
            {
                isEnd |= name.AsString() == "REJECT";
            }
            else if (!expression.Is("counter"u8))
            {
                return false;
            }
        }

        return isEnd;
    }

    /// <summary>struct ipt_entry or ip6t_entry: no address, interface, protocol or match, and a target that gives a verdict.</summary>
    private static bool IsEnd(ReadOnlySpan<byte> entry, int addressSize, int targetOffset, int entrySize)
    {
        if (entry.Length < entrySize + VerdictOffset + sizeof(int)
            || entry[..addressSize].IndexOfAnyExcept((byte)0) >= 0
            || BinaryPrimitives.ReadUInt16LittleEndian(entry[targetOffset..]) != entrySize)
        {
            return false;
        }

        ReadOnlySpan<byte> target = entry[entrySize..];
        return target[TargetNameOffset..].StartsWith("REJECT\0"u8)
            || (target[TargetNameOffset] == 0 && BinaryPrimitives.ReadInt32LittleEndian(target[VerdictOffset..]) is -1 or -2);
    }
}
