using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    /// <summary>
    /// Finishes the policies of a commit that was cut off after its flip, if the plan would leave its terminal rules. Packets notice
    /// nothing: those rules did already what the policies do.
    /// </summary>
    /// <exception cref="GenerationConflictException">There was something to finish: live is not as planned any more.</exception>
    private void FinishInterrupted()
    {
        if (LeftoversIn(TablesAfter()).Count == 0)
        {
            return;
        }

        // Another commit may have been amid its steps when the plan was made; it is over now.
        NftSnapshot now = NftSnapshot.Read(_target);
        List<NftPolicyStep> steps = LeftoversIn(now.Tables);
        if (steps.Count > 0)
        {
            using NetlinkSocket sets = NetlinkSocket.Open(_target, NetlinkProtocol.Netfilter);
            using NftCommit rest = new(_target, Snapshot.Empty, [], name => IpsetIndex.IndexOf(sets, name) ?? IpsetIndex.None);
            rest._policies.AddRange(steps);
            rest._generation = now.Generation;
            rest.Finish();
        }

        throw GenerationConflictException.AfterFinishing();
    }

    private static List<NftPolicyStep> LeftoversIn(IReadOnlyList<Table> tables)
    {
        List<NftPolicyStep> steps = [];
        foreach (Table table in tables.Where(table => table.Id.Backend == Backend.Nft))
        {
            foreach (Chain chain in table.Chains.Where(chain => chain.IsBase))
            {
                Rule? terminal = chain.Rules.FirstOrDefault(rule => NftTerminalRule.PolicyOf(rule.UserData) is not null);
                if (terminal is not null)
                {
                    string? temporary = chain.Rules.FirstOrDefault(rule => NftTerminalRule.IsOne(rule.UserData) && rule.Jump is not null)?.Jump;
                    IReadOnlyList<Rule> rules = temporary is null ? [] : table.Find(temporary)?.Rules ?? [];
                    Chain desired = new()
                    {
                        Name = chain.Name,
                        Hook = chain.Hook,
                        Policy = NftTerminalRule.PolicyOf(terminal.UserData)!.Value,
                        Rules = rules,
                    };
                    steps.Add(new(table.Id, desired, IsNew: false, RulesChange: false, temporary, FlushFirst: false));
                }
            }
        }

        return steps;
    }
}
