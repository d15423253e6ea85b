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
/// two jumps for each new user chain tell its name here and its own name, and two questions for each set that the new rules ask under a
/// temporary name tell this and its own. So a merged table can be taken apart with nothing but itself at hand.
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
    /// <param name="question">Makes the payload of a match <c>set</c> from a set's index, and tells its revision.</param>
    /// <param name="off">The index of the set that is the switch.</param>
    /// <param name="temporary">The sets that the new rules ask by a temporary copy: its index and the set's own.</param>
    internal static Table Merge(
        Table old, Table desired, string prefix, Func<ushort, (byte[] Payload, byte Revision)> question, ushort off, IReadOnlyList<(ushort Temporary, ushort Own)> temporary)
    {
        XtablesLayout layout = old.Id.Family.Xtables;
        Dictionary<string, string> names = Renaming(old, desired, prefix);
        List<Chain> chains = [];
        List<Chain> wrappers = [];
        Rule[] record =
        [
            .. names.SelectMany(pair => new[] { LegacyEntry.Jump(layout, pair.Value), LegacyEntry.Jump(layout, pair.Key) }),
            .. temporary.SelectMany(pair => new[] { LegacyEntry.Ask(layout, question(pair.Temporary)), LegacyEntry.Ask(layout, question(pair.Own)) }),
        ];
        foreach (Chain chain in LegacyEncoder.Order(old).Where(chain => chain.IsBase))
        {
            int hook = chain.Hook!.Value.Number;
            Chain next = desired.Find(chain.Name)
                ?? throw new LegacyTableException(old.Id, $"the base chain {chain.Name} is missing in what shall replace it");
            Rule enter = LegacyEntry.Goto(layout, question(off), WrapperOf(prefix, hook));
            chains.Add(chain.With([enter, .. chain.Rules]));
            Rule policy = LegacyEntry.Verdict(layout, next.Policy == Policy.Drop ? XtablesVerdict.Drop : XtablesVerdict.Accept);
            wrappers.Add(new Chain
            {
                Name = WrapperOf(prefix, hook),
                Rules = [LegacyEntry.Jump(layout, NewOf(prefix, hook)), policy, .. wrappers.Count == 0 ? record : []],
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

    /// <summary>Temporary name of a set to its own name, for the sets that the new side of a merged table, as read, asks by a copy.</summary>
    internal static Dictionary<string, string> TemporarySets(Table merged, string prefix) =>
        Pairs(Record(merged, prefix).Where(rule => rule is { Jump: null, Sets.Count: 1 }).Select(rule => rule.Sets[0].Name));

    /// <summary>Name in the merged table to own name, for the new side's user chains.</summary>
    private static Dictionary<string, string> ReadRecord(Table merged, string prefix) =>
        Pairs(Record(merged, prefix).Select(rule => rule.Jump).OfType<string>());

    /// <summary>What stands behind the verdict of the first wrapper.</summary>
    private static IEnumerable<Rule> Record(Table merged, string prefix) => LegacyEncoder.Order(merged)
        .Where(chain => chain.IsBase)
        .Select(chain => merged.Find(WrapperOf(prefix, chain.Hook!.Value.Number)))
        .FirstOrDefault(chain => chain is not null)?.Rules.Skip(2) ?? [];

    private static Dictionary<string, string> Pairs(IEnumerable<string> names) =>
        names.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static IReadOnlyList<Rule> Renamed(IReadOnlyList<Rule> rules, Dictionary<string, string> names) =>
        names.All(pair => pair.Key == pair.Value)
            ? rules
            : [.. rules.Select(rule => rule.Jump is not null && names.TryGetValue(rule.Jump, out string? name) && name != rule.Jump ? rule.WithJump(name) : rule)];
}
