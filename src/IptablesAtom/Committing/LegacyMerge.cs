using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>The old and the new rules of a table side by side behind a <see cref="LegacySwitch"/>, and how to take them apart again.</summary>
/// <remarks>
/// <para>For each base chain X, whose hook is number h, with the prefix p of the switch:</para>
/// <code>
/// X     -m set --match-set p-switch-off src -g pWh; all old rules; the old policy
/// pWh   -j pNh; an unconditional rule with the new policy's verdict
/// pNh   the new rules of X
/// </code>
/// <para>
/// Old user chains keep their names; a new one whose name an old one has gets the name pCn. While the set is empty this is the old
/// firewall, so tables can be merged one after the other; once it holds every address, this is the new one.
/// </para>
/// <para>
/// pWh is entered by a goto and calls pNh by a jump, because a RETURN on top level, the end of a chain entered by <c>-g</c> on top level and the
/// end of the rules all go back to the last jump: there they find the new policy. With the new rules behind the goto itself they would end in
/// the policy entry of X, the old one.
/// </para>
/// <para>
/// Behind the verdict of the first pWh, where no packet and no check of the kernel comes (it stops at an unconditional verdict),
/// two jumps for each new user chain tell its name here and its own name. So a merged table can be taken apart with nothing but itself at hand.
/// </para>
/// </remarks>
internal static class LegacyMerge
{
    private const string ChainPrefix = "iptatom-";
    private const int PrefixLength = 16; // "iptatom-" and 8 hex digits

    internal static string WrapperOf(string prefix, int hook) => $"{prefix}W{hook}";

    internal static string NewOf(string prefix, int hook) => $"{prefix}N{hook}";

    /// <summary>The names that the new user chains get in the merged table.</summary>
    internal static Dictionary<string, string> Renaming(Table old, Table desired, string prefix)
    {
        HashSet<string> taken = [.. old.Chains.Select(chain => chain.Name)];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (Chain chain in desired.Chains.Where(chain => !chain.IsBase))
        {
            names[chain.Name] = taken.Contains(chain.Name) ? $"{prefix}C{names.Count}" : chain.Name;
        }

        return names;
    }

    /// <summary>The merged table.</summary>
    /// <param name="old">What is in force.</param>
    /// <param name="desired">What shall be in force once the switch is on.</param>
    /// <param name="prefix">The prefix of the switch.</param>
    /// <param name="switchMatch">The payload of the match that asks the switch, and its revision.</param>
    internal static Table Merge(Table old, Table desired, string prefix, (byte[] Payload, byte Revision) switchMatch)
    {
        XtablesLayout layout = old.Id.Family.Xtables;
        Dictionary<string, string> names = Renaming(old, desired, prefix);
        List<Chain> chains = [];
        List<Chain> wrappers = [];
        foreach (Chain chain in LegacyEncoder.Order(old).Where(chain => chain.IsBase))
        {
            int hook = chain.Hook!.Value.Number;
            Chain next = desired.Find(chain.Name)
                ?? throw new LegacyTableException(old.Id, $"the base chain {chain.Name} is missing in what shall replace it");
            Rule enter = LegacyEntry.Goto(layout, "set"u8, switchMatch.Revision, switchMatch.Payload, WrapperOf(prefix, hook));
            chains.Add(chain.With([enter, .. chain.Rules]));
            Rule policy = LegacyEntry.Verdict(layout, next.Policy == Policy.Drop ? XtablesVerdict.Drop : XtablesVerdict.Accept);
            wrappers.Add(new Chain
            {
                Name = WrapperOf(prefix, hook),
                Rules = [LegacyEntry.Jump(layout, NewOf(prefix, hook)), policy, .. wrappers.Count == 0 ? Record(layout, names) : []],
            });
            wrappers.Add(new Chain { Name = NewOf(prefix, hook), Rules = Renamed(next.Rules, names) });
        }

        return old.With(
        [
            .. chains,
            .. old.Chains.Where(chain => !chain.IsBase),
            .. wrappers,
            .. desired.Chains.Where(chain => !chain.IsBase)
                .Select(chain => new Chain { Name = names[chain.Name], Rules = Renamed(chain.Rules, names) }),
        ]);
    }

    /// <summary>The prefix of the switch in front of a table's base chains, or null if none is there.</summary>
    internal static string? PrefixOf(Table table) => table.Chains
        .Where(chain => chain.IsBase)
        .SelectMany(chain => chain.Rules.Where(rule => IsSwitch(rule, chain)))
        .Select(rule => rule.Jump![..PrefixLength])
        .FirstOrDefault();

    /// <summary>
    /// One side of a merged table. What others did to the old side meanwhile stays in it; a base chain whose switch somebody took out is
    /// given as it is.
    /// </summary>
    /// <param name="merged">The merged table.</param>
    /// <param name="prefix">The prefix of the switch.</param>
    /// <param name="isNew">True for the new side.</param>
    internal static Table Split(Table merged, string prefix, bool isNew)
    {
        Dictionary<string, string> own = ReadRecord(merged, prefix);
        List<Chain> chains = [];
        foreach (Chain chain in merged.Chains)
        {
            bool isSwitched = chain.Rules.Any(rule => chain.IsBase && IsSwitch(rule, chain) && rule.Jump!.StartsWith(prefix, StringComparison.Ordinal));
            if (isNew && isSwitched)
            {
                int hook = chain.Hook!.Value.Number;
                Chain wrapper = merged.Find(WrapperOf(prefix, hook))!;
                chains.Add(new Chain
                {
                    Name = chain.Name,
                    Hook = chain.Hook,
                    Policy = LegacyEntry.IsDrop(merged.Id.Family.Xtables, wrapper.Rules[1]) ? Policy.Drop : Policy.Accept,
                    Rules = Renamed(merged.Find(NewOf(prefix, hook))!.Rules, own),
                });
            }
            else if (chain.IsBase)
            {
                chains.Add(chain.With([.. chain.Rules.Where(rule => !IsSwitch(rule, chain) || !rule.Jump!.StartsWith(prefix, StringComparison.Ordinal))]));
            }
            else if (own.TryGetValue(chain.Name, out string? name))
            {
                if (isNew)
                {
                    chains.Add(new Chain { Name = name, Rules = Renamed(chain.Rules, own) });
                }
            }
            else if (!isNew && !chain.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                chains.Add(chain);
            }
        }

        return merged.With(chains);
    }

    private static bool IsSwitch(Rule rule, Chain chain) => rule is { IsGoto: true, Jump: { } target }
        && target.Length > PrefixLength && target.StartsWith(ChainPrefix, StringComparison.Ordinal)
        && target == WrapperOf(target[..PrefixLength], chain.Hook!.Value.Number);

    private static IEnumerable<Rule> Record(XtablesLayout layout, Dictionary<string, string> names) =>
        names.SelectMany(pair => new[] { LegacyEntry.Jump(layout, pair.Value), LegacyEntry.Jump(layout, pair.Key) });

    /// <summary>Name in the merged table to own name.</summary>
    private static Dictionary<string, string> ReadRecord(Table merged, string prefix)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Chain? first = LegacyEncoder.Order(merged)
            .Where(chain => chain.IsBase)
            .Select(chain => merged.Find(WrapperOf(prefix, chain.Hook!.Value.Number)))
            .FirstOrDefault(chain => chain is not null);
        for (int at = 2; at + 1 < first?.Rules.Count; at += 2)
        {
            names[first.Rules[at].Jump!] = first.Rules[at + 1].Jump!;
        }

        return names;
    }

    private static IReadOnlyList<Rule> Renamed(IReadOnlyList<Rule> rules, Dictionary<string, string> names) =>
        names.All(pair => pair.Key == pair.Value)
            ? rules
            : [.. rules.Select(rule => rule.Jump is not null && names.TryGetValue(rule.Jump, out string? name) && name != rule.Jump ? rule.WithJump(name) : rule)];
}
