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
    /// <summary>Sees one rule: its members, valid during the call.</summary>
    internal delegate void Handler(ulong handle, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> userData);

    /// <summary>Reads the rules of one chain, in order.</summary>
    internal static List<NftDumpedRule> Read(NftSocket socket, TableId table, string chain)
    {
        List<NftDumpedRule> rules = [];
        Read(socket, table, chain, (handle, raw, userData) => rules.Add(new NftDumpedRule(handle, raw.ToArray(), userData.ToArray())));
        return rules;
    }

    /// <summary>Hands over the rules of one chain, in order, as they lie in what was received.</summary>
    internal static void Read(NftSocket socket, TableId table, string chain, Handler handler) =>
        socket.List(NftMessage.GetRule, (byte)table.Family, tolerant: true,
            filter: writer =>
            {
                writer.PutString(RuleAttribute.Table, table.Name);
                writer.PutString(RuleAttribute.Chain, chain);
            },
            handler: message =>
            {
                ulong handle = 0;
                ReadOnlySpan<byte> raw = [];
                ReadOnlySpan<byte> userData = [];
                foreach (var attribute in new AttributeReader(message.NetfilterAttributes))
                {
                    switch (attribute.Type)
                    {
                        case RuleAttribute.Handle:
                            handle = attribute.AsUInt64Be();
                            break;
                        case RuleAttribute.Expressions:
                            raw = attribute.Value;
                            break;
                        case RuleAttribute.UserData:
                            userData = attribute.Value;
                            break;
                    }
                }

                handler(handle, raw, userData);
            });
}
