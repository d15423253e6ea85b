namespace IptablesAtom.Staging.Interception;

/// <summary>
/// What a rule is made of, as far as the kernel's own checks can depend on it. Errors that only the kernel finds (wrong hook,
/// wrong table, missing protocol) come late in a batch; so the first rule with a part that is new is committed at once, and
/// later ones made of accepted parts only are batched.
/// </summary>
/// <remarks>Addresses, interfaces, ports and comments are masked: the kernel does not judge their values. Protocol and hook are in every part.</remarks>
internal static class RuleShape
{
    private static readonly HashSet<string> FreeMatches = new(StringComparer.Ordinal)
    {
        "tcp", "udp", "icmp", "icmp6", "multiport", "conntrack", "state", "comment", "set", "mark", "iprange", "pkttype", "length",
    };

    /// <summary>True if the kernel takes the match in every hook (mac is not one: it is refused in OUTPUT).</summary>
    internal static bool IsFreeMatch(string name) => FreeMatches.Contains(name);

    /// <summary>The parts of a rule in its chain.</summary>
    internal static List<string> PartsOf(RuleWords rule, ChainModel chain, TableModel model)
    {
        string hook = chain.IsBuiltin ? chain.Name : "(user)";
        string place = $"{chain.Name}{(chain.IsBuiltin ? "" : " ")}";
        List<string> parts = [$"b {hook} {rule.Protocol}{rule.Base}"];
        foreach (RuleAtom match in rule.Matches)
        {
            parts.Add($"m {(IsFreeMatch(match.Name) ? hook : place)} {rule.Protocol}{match.Text}");
        }

        if (rule.Target is { } target)
        {
            bool isChain = !rule.IsVerdict && model.Find(target.Name) is not null;
            parts.Add(isChain
                ? model.LeadsToHookBound(target.Name) ? $"j {place} {target.Name}" : $"j {hook} {rule.IsGoto}"
                : $"t {(rule.IsVerdict ? hook : place)} {rule.Protocol}{target.Text}");
        }

        return parts;
    }
}
