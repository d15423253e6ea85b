using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;

namespace IptablesAtom.Snapshots;

/// <summary>A rule as the kernel dumps it, not decoded.</summary>
/// <param name="Handle">NFTA_RULE_HANDLE.</param>
/// <param name="Raw">The value of NFTA_RULE_EXPRESSIONS.</param>
/// <param name="UserData">The value of NFTA_RULE_USERDATA.</param>
internal readonly record struct NftDumpedRule(ulong Handle, byte[] Raw, byte[] UserData)
{
    /// <summary>Reads the rules of one chain, in order.</summary>
    internal static List<NftDumpedRule> Read(NftSocket socket, TableId table, string chain)
    {
        List<NftDumpedRule> rules = [];
        socket.List(NftMessage.GetRule, (byte)table.Family, tolerant: true,
            filter: writer =>
            {
                writer.PutString(RuleAttribute.Table, table.Name);
                writer.PutString(RuleAttribute.Chain, chain);
            },
            handler: message => rules.Add(Of(message)));
        return rules;
    }

    private static NftDumpedRule Of(Message message)
    {
        ulong handle = 0;
        byte[] raw = [];
        byte[] userData = [];
        foreach (var attribute in new AttributeReader(message.NetfilterAttributes))
        {
            switch (attribute.Type)
            {
                case RuleAttribute.Handle:
                    handle = attribute.AsUInt64Be();
                    break;
                case RuleAttribute.Expressions:
                    raw = attribute.Value.ToArray();
                    break;
                case RuleAttribute.UserData:
                    userData = attribute.Value.ToArray();
                    break;
            }
        }

        return new NftDumpedRule(handle, raw, userData);
    }
}
