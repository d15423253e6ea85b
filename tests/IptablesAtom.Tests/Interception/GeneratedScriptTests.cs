using CsCheck;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>Scripts made by chance, good and bad calls mixed: accelerated and plain must give the same, and a difference shrinks to few calls.</summary>
public sealed class GeneratedScriptTests
{
    /// <summary>A search for counterexamples sets the variable to some hundreds.</summary>
    private static readonly int Samples = int.TryParse(Environment.GetEnvironmentVariable("ATOM_SAMPLES"), out int samples) ? samples : 4;

    private static readonly Gen<string> Tool = Gen.Frequency(
        (8, Gen.Const("iptables")), (2, Gen.Const("ip6tables")), (1, Gen.Const("iptables -t nat")), (1, Gen.Const("iptables -t mangle")));

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

    private static readonly Gen<string> Call = Gen.Frequency(
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
        (1, Gen.Select(Tool, Chain, Chain, (tool, from, to) => $"{tool} -E {from} {to}")),
        (1, Gen.Select(Tool, Chain, OneOf("ACCEPT", "DROP", "REJECT"), (tool, chain, policy) => $"{tool} -P {chain} {policy}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"{tool} -S {chain}")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"({tool} -A {chain} -s 10.0.0.3 -j DROP; exit 3) | cat")),
        (1, Gen.Select(Tool, Chain, (tool, chain) => $"/usr/sbin/{tool} -w -A {chain} -s 10.0.0.4 -j DROP")),
        (1, OneOf(
            "iptables -F", "iptables -X", "iptables -Z", "iptables-save | grep -c -- -A", "iptables-restore -n <<E\n*filter\n-A INPUT -s 10.9.9.9 -j DROP\nCOMMIT\nE",
            "iptables-save | iptables-restore", "ip6tables -F", "iptables -v -A INPUT -j DROP", "iptables -t raw -A PREROUTING -j NOTRACK")),
        (2, OneOf(
            "ipset create bad hash:ip", "ipset destroy bad", "ipset add bad 10.0.0.1", "ipset add -exist bad 10.0.0.1", "ipset del bad 10.0.0.1", "ipset flush bad",
            "ipset create other hash:ip", "ipset swap bad other", "ipset test bad 10.0.0.1", "ipset rename other third")));

    [Theory]
    [InlineData("nft", "dash", "Functions")]
    [InlineData("nft", "bash", "Shim")]
    [InlineData("legacy", "bash", "Functions")]
    [InlineData("legacy", "dash", "Shim")]
    public void IsAsPlain(string backend, string shell, string way) => Call.List[25, 45].Sample(
        calls =>
        {
            string text = $"#!/bin/{shell}\niptables -N one; iptables -N two; ipset create bad hash:ip\n"
                + string.Concat(calls.Select((call, index) => $"{call}\necho \"{index} rc $?\"\n"));
            StagedScript.Outcome plain = StagedScript.Run(text, backend, StagedScript.Way.Plain);
            StagedScript.Outcome fast = StagedScript.Run(text, backend, Enum.Parse<StagedScript.Way>(way));
            Assert.Equal(plain.Seen, fast.Seen);
        },
        iter: Samples,
        threads: 1);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
