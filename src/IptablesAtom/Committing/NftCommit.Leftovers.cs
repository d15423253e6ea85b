using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    /// <summary>Finishes the policies of a commit that was cut off after its flip: its terminal rules tell what they shall be.</summary>
    /// <param name="target">The live namespace.</param>
    /// <param name="now">What is there.</param>
    /// <param name="setIndex">The index of an ipset by name.</param>
    /// <returns>True if there was something to finish: read the namespace again.</returns>
    internal static bool FinishInterrupted(NetworkNamespace target, Snapshot now, Func<string, ushort> setIndex)
    {
        List<NftPolicyStep> steps = [];
        foreach (Table table in now.Tables.Where(table => table.Id.Backend == Backend.Nft))
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

        if (steps.Count > 0)
        {
            using NftCommit commit = new(target, now, [], setIndex);
            commit._policies.AddRange(steps);
            commit._generation = commit._socket.Generation();
            commit.Finish();
        }

        return steps.Count > 0;
    }
}
