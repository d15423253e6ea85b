using CsCheck;

namespace IptablesAtom.Tests.Interception;

/// <summary>Lines of a script made by chance, good and bad calls mixed. Few names and values, so that the lines often meet the same things.</summary>
internal static class GeneratedCalls
{
    private static readonly Gen<string> Tool = Gen.Frequency(
        (8, Gen.Const("iptables")), (2, Gen.Const("ip6tables")), (1, Gen.Const("iptables -t nat")), (1, Gen.Const("iptables -t mangle")),
        (1, Gen.Const("iptables-nft")), (1, Gen.Const("iptables-legacy")));

    private static readonly Gen<string> Chain = Gen.Frequency(
        (6, OneOf("one", "two", "three")), (3, OneOf("INPUT", "OUTPUT", "PREROUTING")), (1, OneOf("nochain", "-x", "ACCEPT")));

    private static readonly Gen<string> Address = OneOf(
        "", "-s 10.0.0.1", "-s 10.0.0.2", "-s 10.0.0.1/32", "-s 10.0.0.9/8", "! -s 10.0.0.1", "-d 10.0.0.1", "-s 10.0.0.1,10.0.0.2", "-s 0/0", "-s 300.1.1.1",
        "-s 2001:db8::1", "--src 10.0.0.1");

    private static readonly Gen<string> Match = OneOf(
        "", "", "-p tcp", "-p tcp --dport 22", "-p 6 --dport 22", "-p udp --dport 22:23", "--dport 22", "-p tcp -m tcp --dport ssh", "-m tcp --dport 22",
        "-m conntrack --ctstate NEW", "-m comment --comment 'a \"b\" c'", "-p tcp -m multiport --dports 80,443", "-m mac --mac-source 00:11:22:33:44:55",
        "-i eth0", "-o eth0", "-p icmp", "-m set --match-set bad src", "-m set --match-set none src", "-m limit --limit 5/s", "-m owner --uid-owner 0");

    private static readonly Gen<string> Target = OneOf(
        "-j ACCEPT", "-j DROP", "-j DROP", "-j RETURN", "-j one", "-j two", "-j three", "-g three", "-j LOG --log-prefix 'x '", "-j REJECT", "-j MARK --set-mark 1",
        "-j DNAT --to-destination 10.0.0.5", "-j MASQUERADE", "-j nochain", "");

    private static readonly Gen<string> Rule = Gen.Select(Address, Match, Target, (address, match, target) => $"{address} {match} {target}");

    /// <summary>A line of a table's save text, for a restore here-document.</summary>
    private static readonly Gen<string> SaveLine = Gen.Frequency(
        (6, Gen.Select(Chain, Rule, (chain, rule) => $"-A {chain} {rule}")),
        (1, Gen.Select(Chain, Rule, (chain, rule) => $"-D {chain} {rule}")),
        (2, Gen.Select(Chain, chain => $":{chain} - [0:0]")),
        (1, Gen.Select(Chain, chain => $"-F {chain}")),
        (1, OneOf(":INPUT DROP [1:2]", ":OUTPUT ACCEPT [0:0]", "# a comment", "-I INPUT 1 -j ACCEPT")));

    private static readonly Gen<string> Restore = Gen.Select(
        OneOf("iptables-restore", "iptables-restore -n", "iptables-restore -n", "ip6tables-restore -n", "iptables-restore --test", "iptables-legacy-restore -n"),
        OneOf("filter", "filter", "nat"),
        SaveLine.List[0, 4],
        (tool, table, lines) => $"{tool} <<E\n*{table}\n{string.Concat(lines.Select(line => line + "\n"))}COMMIT\nE");

    private static readonly Gen<string> SetName = OneOf("bad", "bad", "other", "third");

    private static readonly Gen<string> SetLine = Gen.Frequency(
        (3, Gen.Select(SetName, OneOf("hash:ip", "hash:ip", "hash:net", "list:set", "none"), (set, type) => $"create {set} {type}")),
        (6, Gen.Select(SetName, OneOf("10.0.0.1", "10.0.0.2", "10.0.0.0/30", "300.1.1.1", "bad"), (set, entry) => $"add {set} {entry}")),
        (2, Gen.Select(SetName, OneOf("10.0.0.1", "10.0.0.2"), (set, entry) => $"del {set} {entry}")),
        (1, Gen.Select(SetName, set => $"flush {set}")),
        (1, Gen.Select(SetName, set => $"destroy {set}")),
        (1, Gen.Select(SetName, SetName, (one, two) => $"swap {one} {two}")),
        (1, Gen.Select(SetName, SetName, (one, two) => $"rename {one} {two}")));

    private static readonly Gen<string> Ipset = Gen.Frequency(
        (6, SetLine.Select(line => $"ipset {line}")),
        (2, SetLine.Select(line => $"ipset -exist {line}")),
        (1, SetLine.Select(line => $"ipset {line} -exist")),
        (1, Gen.Select(SetName, set => $"ipset test {set} 10.0.0.1")),
        (1, SetLine.List[1, 4].Select(lines => $"ipset restore <<E\n{string.Concat(lines.Select(line => line + "\n"))}E")),
        (1, OneOf("ipset -q add bad 10.0.0.1", "ipset list -n", "ipset save | grep -c '^add'", "ipset -N other iphash", "ipset -A bad 10.0.0.3", "ipset flush", "ipset destroy")));

    private static readonly Gen<string> Command = Gen.Frequency(
        (10, Gen.Select(Tool, Chain, Rule, (tool, chain, rule) => $"{tool} -A {chain} {rule}")),
        (3, Gen.Select(Tool, Chain, Gen.Int[0, 4], Rule, (tool, chain, number, rule) => $"{tool} -I {chain} {(number == 0 ? "" : number)} {rule}")),
        (2, Gen.Select(Tool, Chain, Gen.Int[1, 4], Rule, (tool, chain, number, rule) => $"{tool} -R {chain} {number} {rule}")),
        (3, Gen.Select(Tool, Chain, Rule, (tool, chain, rule) => $"{tool} -D {chain} {rule}")),
        (2, Gen.Select(Tool, Chain, Gen.Int[1, 3], (tool, chain, number) => $"{tool} -D {chain} {number}")),
        (3, Gen.Select(Tool, Chain, Rule, (tool, chain, rule) => $"{tool} -C {chain} {rule}")),
        (3, Gen.Select(Tool, Chain, Rule, (tool, chain, rule) => $"{tool} -C {chain} {rule} 2>/dev/null || {tool} -A {chain} {rule}")),
        (4, Gen.Select(Tool, Chain, (tool, chain) => $"{tool} -N {chain}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"{tool} -X {chain}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"{tool} -F {chain}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"{tool} -Z {chain}")),
        (1, Gen.Select(Tool, Chain, Chain, (tool, from, to) => $"{tool} -E {from} {to}")),
        (1, Gen.Select(Tool, Chain, OneOf("ACCEPT", "DROP", "REJECT"), (tool, chain, policy) => $"{tool} -P {chain} {policy}")),
        (1, Gen.Select(Tool, Chain, OneOf("-S", "-S", "-L", "-nL", "-n --line-numbers -L"), (tool, chain, list) => $"{tool} {list} {chain}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"({tool} -A {chain} -s 10.0.0.3 -j DROP; exit 3) | cat")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"/usr/sbin/{tool} -w -A {chain} -s 10.0.0.4 -j DROP")));

    /// <summary>Subshells side by side, each with chains and an output of its own, so that a plain run has one result as well.</summary>
    private static readonly Gen<string> Parallel = Gen.Select(OneOf("iptables", "iptables", "ip6tables").List[2, 4], tools =>
        string.Concat(tools.Select((tool, index) => $"{tool} -w -N par{index}\n"))
        + string.Concat(tools.Select((tool, index) =>
            $"( for i in 1 2 3; do {tool} -w -A par{index} -p tcp --dport $i -j DROP; done; {tool} -w -S par{index}; {tool} -w -D par{index} 1; {tool} -w -D par{index} 7 ) >out{index} 2>&1 &\n"))
        + "wait\n" + string.Concat(tools.Select((_, index) => $"cat out{index}\n")) + "true");

    /// <summary>One line, or a few that belong together.</summary>
    internal static Gen<string> Line { get; } = Gen.Frequency(
        (36, Command),
        (4, Ipset),
        (2, Restore),
        (1, Parallel),
        (2, OneOf(
            "iptables -F", "iptables -X", "iptables -Z", "iptables-save | grep -c -- -A", "iptables-save | iptables-restore", "ip6tables -F", "ip6tables-save | grep -- -A",
            "iptables -v -A INPUT -j DROP", "iptables -t raw -A PREROUTING -j NOTRACK", "iptables -t nat -F", "iptables -L >/dev/null", "iptables -t nat -S",
            "iptables -P FORWARD DROP", "echo 10.0.0.7 | xargs iptables -I INPUT -j DROP -s", "iptables-save -t filter | sed 's/10.0.0.1/10.0.0.2/' | iptables-restore -n")));

    /// <summary>
    /// Checks scripts of 25 to 45 lines. Always the same few, so that one commit has one verdict; a search for counterexamples sets ATOM_SAMPLES
    /// to some hundreds and gets as many new ones.
    /// </summary>
    /// <param name="samples">How many, if the variable does not say.</param>
    /// <param name="name">Whose scripts: another name has others.</param>
    /// <param name="check">Throws if it fails.</param>
    internal static void Check(int samples, string name, Action<List<string>> check)
    {
        Gen<List<string>> scripts = Line.List[25, 45];
        if (int.TryParse(Environment.GetEnvironmentVariable("ATOM_SAMPLES"), out int wanted))
        {
            scripts.Sample(check, iter: wanted, threads: 1);
            return;
        }

        uint stream = (uint)name.Sum(letter => letter);
        for (uint sample = 1; sample <= samples; sample++)
        {
            scripts.Sample(check, seed: new PCG(stream, sample).ToString(), iter: 1, threads: 1);
        }
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
