using IptablesAtom.Model;
using IptablesAtom.Netlink.Ipset;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    /// <summary>
    /// Finishes the policies of a commit that was cut off after its flip. Packets notice nothing: its terminal rules did already what the
    /// policies do. Under the lock of the namespace: a commit that is amid its steps has such rules too.
    /// </summary>
    /// <param name="target">The namespace.</param>
    /// <returns>True if there was something to finish.</returns>
    internal static bool FinishInterrupted(NetworkNamespace target)
    {
        NftSnapshot now = NftSnapshot.Read(target);
        List<NftPolicyStep> steps = LeftoversIn(now.Tables);
        if (steps.Count > 0)
        {
            using NetlinkSocket sets = NetlinkSocket.Open(target, NetlinkProtocol.Netfilter);
            using NftCommit rest = new(target, Snapshot.Empty, [], name => IpsetIndex.IndexOf(sets, name) ?? IpsetIndex.None);
            rest._policies.AddRange(steps);
            rest._generation = now.Generation;
            rest.Finish();
        }

        return steps.Count > 0;
    }

    /// <summary>The same, where the plan would leave such rules.</summary>
    /// <exception cref="GenerationConflictException">There were some: live is not as planned any more.</exception>
    private void RefuseInterrupted()
    {
        if (LeftoversIn(TablesAfter()).Count > 0)
        {
            _ = FinishInterrupted(_target); // or another commit was amid its steps when the plan was made, and is over now
            throw GenerationConflictException.AfterFinishing();
        }
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
