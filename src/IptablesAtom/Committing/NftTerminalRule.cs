using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>
/// The rule that stands at the end of a base chain in place of its new policy, while the policy itself is not changed yet.
/// </summary>
/// <remarks>
/// A policy is one word of the chain, not bound to a generation: changed in the same batch as the rules, packets meet new rules with
/// the old policy or old rules with the new one. A rule belongs to its generation. It carries a comment, so that a run that
/// was cut off can be finished, and a counter, as iptables expects of its rules.
/// </remarks>
internal static class NftTerminalRule
{
    private const string CommentStart = TemporaryName.Prefix + "policy-";
    private const byte CommentType = 0; // NFTNL_UDATA_RULE_COMMENT

    /// <summary>The rule for a policy.</summary>
    internal static Rule Of(Policy policy) =>
        Make((int)policy, null, Comment(policy == Policy.Drop ? "drop" : "accept"));

    /// <summary>The rule that jumps to a chain in which the real rules stand meanwhile.</summary>
    internal static Rule JumpTo(string chain) => Make((int)Verdict.Jump, chain, Comment("jump"));

    /// <summary>True for a rule made here.</summary>
    internal static bool IsOne(ReadOnlySpan<byte> userData) =>
        userData.Length > 2 && userData[0] == CommentType
        && userData[2..].StartsWith(Encoding.ASCII.GetBytes(CommentStart));

    /// <summary>The policy that a rule made here stands for; null if it is the jump, or not made here.</summary>
    internal static Policy? PolicyOf(ReadOnlySpan<byte> userData) =>
        userData.SequenceEqual(Comment("drop")) ? Policy.Drop : userData.SequenceEqual(Comment("accept")) ? Policy.Accept : null;

    private static Rule Make(int code, string? chain, byte[] userData)
    {
        using MessageWriter writer = new(256);
        using (writer.Nested(ExpressionAttribute.ListElement))
        {
            writer.PutString(ExpressionAttribute.Name, "counter");
            using (writer.Nested(ExpressionAttribute.Data))
            {
                writer.PutUInt64Be(ExpressionAttribute.CounterBytes, 0);
                writer.PutUInt64Be(ExpressionAttribute.CounterPackets, 0);
            }
        }

        using (writer.Nested(ExpressionAttribute.ListElement))
        {
            writer.PutString(ExpressionAttribute.Name, "immediate");
            using (writer.Nested(ExpressionAttribute.Data))
            {
                writer.PutUInt32Be(ExpressionAttribute.ImmediateDestination, 0); // NFT_REG_VERDICT
                using (writer.Nested(ExpressionAttribute.ImmediateData))
                using (writer.Nested(ExpressionAttribute.DataVerdict))
                {
                    writer.PutUInt32Be(ExpressionAttribute.VerdictCode, (uint)code);
                    if (chain is not null)
                    {
                        writer.PutString(ExpressionAttribute.VerdictChain, chain);
                    }
                }
            }
        }

        byte[] raw = writer.Written.ToArray();
        return new Rule { Raw = raw, UserData = userData, Key = RuleKey.Of(raw), Jump = chain };
    }

    private static byte[] Comment(string what)
    {
        byte[] text = Encoding.ASCII.GetBytes(CommentStart + what + "\0");
        return [CommentType, (byte)text.Length, .. text];
    }
}
