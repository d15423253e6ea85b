using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>Rules that do nothing but keep, in the seed, the places of rules that need a chain or set which is left out of it.</summary>
/// <remarks>
/// The number of each rule in its chain stays right for the script, and whether a script flushes the chain shows on the stand-in: afterwards the rule it
/// stands for is put where the stand-in still is. It is told by a comment, in the form of the match <c>comment</c>, which both back-ends have.
/// </remarks>
internal sealed class StandIns
{
    private const string Mark = TemporaryName.Prefix + "place-";
    private const int CommentSize = 256; // struct xt_comment_info
    private readonly List<Rule> _rules = [];

    /// <summary>True if rules of this table can have stand-ins: the match is not for arptables, ebtables and native tables.</summary>
    internal static bool IsPossible(TableId table) => table is { IsXtables: true, Family: Family.Ipv4 or Family.Ipv6 };

    /// <summary>Makes the stand-in of a rule.</summary>
    internal Rule For(TableId table, Rule rule)
    {
        byte[] comment = new byte[CommentSize];
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Mark}{_rules.Count}"), comment);
        _rules.Add(rule);
        byte[] raw = table.Backend == Backend.Nft ? Expressions(comment) : Entry(table.Family.Xtables, comment);
        return new Rule { Raw = raw, Key = RuleKey.Of(raw), Counter = rule.Counter };
    }

    /// <summary>Staging as it would be with the rules themselves in place of their stand-ins.</summary>
    internal Snapshot Resolve(Snapshot staging) => _rules.Count == 0 ? staging : new Snapshot
    {
        Generation = staging.Generation,
        Sets = staging.Sets,
        Tables = [.. staging.Tables.Select(table => IsPossible(table.Id) ? table.With([.. table.Chains.Select(Resolve)]) : table)],
    };

    private Chain Resolve(Chain chain) => chain.Rules.Any(rule => Find(rule) is not null)
        ? chain.With([.. chain.Rules.Select(rule => Find(rule)?.At(rule.Handle, rule.Counter) ?? rule)])
        : chain;

    private Rule? Find(Rule rule)
    {
        int at = rule.Raw.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark));
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> digits = rule.Raw.AsSpan(at + Mark.Length);
        digits = digits[..digits.IndexOf((byte)0)];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < _rules.Count ? _rules[number] : null;
    }

    /// <summary>As iptables-nft writes <c>-m comment</c>: the match, and the counter that it expects of every rule.</summary>
    private static byte[] Expressions(byte[] comment)
    {
        using MessageWriter writer = new(512);
        using (writer.Nested(ExpressionAttribute.ListElement))
        {
            writer.PutString(ExpressionAttribute.Name, "match");
            using (writer.Nested(ExpressionAttribute.Data))
            {
                writer.PutString(ExpressionAttribute.XtName, "comment");
                writer.PutUInt32Be(ExpressionAttribute.XtRevision, 0);
                writer.PutBytes(ExpressionAttribute.XtInfo, comment);
            }
        }

        using (writer.Nested(ExpressionAttribute.ListElement))
        {
            writer.PutString(ExpressionAttribute.Name, "counter");
            using (writer.Nested(ExpressionAttribute.Data))
            {
                writer.PutUInt64Be(ExpressionAttribute.CounterBytes, 0);
                writer.PutUInt64Be(ExpressionAttribute.CounterPackets, 0);
            }
        }

        return writer.Written.ToArray();
    }

    /// <summary>An entry without addresses, the match, and a target of verdict 0, which falls through.</summary>
    private static byte[] Entry(XtablesLayout layout, byte[] comment)
    {
        int size = XtablesLayout.ExtensionHeader + comment.Length;
        byte[] raw = new byte[layout.EntrySize + size + XtablesLayout.StandardTarget];
        BinaryPrimitives.WriteUInt16LittleEndian(raw.AsSpan(layout.TargetOffsetAt), (ushort)(layout.EntrySize + size));
        BinaryPrimitives.WriteUInt16LittleEndian(raw.AsSpan(layout.NextOffsetAt), (ushort)raw.Length);
        Span<byte> match = raw.AsSpan(layout.EntrySize);
        BinaryPrimitives.WriteUInt16LittleEndian(match, (ushort)size);
        "comment"u8.CopyTo(match[2..]);
        comment.CopyTo(match[XtablesLayout.ExtensionHeader..]);
        BinaryPrimitives.WriteUInt16LittleEndian(match[size..], XtablesLayout.StandardTarget);
        return raw;
    }
}
