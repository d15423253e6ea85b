using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Planning;

/// <summary>The merge with the real tools' rules, on both back-ends.</summary>
public sealed class RealRunTests
{
    private const string Docker =
        """
        iptables_restore <<'END'
        *nat
        :DOCKER - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
        -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
        -A POSTROUTING -s 172.18.0.0/16 ! -o br-0123456789ab -j MASQUERADE
        -A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
        -A DOCKER -i docker0 -j RETURN
        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
        COMMIT
        *filter
        :FORWARD DROP [0:0]
        :DOCKER - [0:0]
        :DOCKER-ISOLATION-STAGE-1 - [0:0]
        :DOCKER-USER - [0:0]
        :f2b-sshd - [0:0]
        -A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
        -A INPUT -p tcp -m set --match-set f2b-web src -j DROP
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -i virbr0 -p udp -m udp --dport 53 -j ACCEPT
        -A FORWARD -j DOCKER-USER
        -A FORWARD -j DOCKER-ISOLATION-STAGE-1
        -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -o docker0 -j DOCKER
        -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
        -A FORWARD -i docker0 -o docker0 -j ACCEPT
        -A FORWARD -s 10.8.0.0/24 -j ACCEPT
        -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
        -A DOCKER-ISOLATION-STAGE-1 -j RETURN
        -A DOCKER-USER -j RETURN
        -A f2b-sshd -s 203.0.113.7/32 -j REJECT --reject-with icmp-port-unreachable
        -A f2b-sshd -j RETURN
        COMMIT
        END
        """;

    private const string Flush =
        """
        for t in filter nat mangle; do iptables -t $t -F; iptables -t $t -X; done
        iptables -P INPUT DROP
        iptables -P FORWARD DROP
        """;

    public static TheoryData<Backend> Backends => [Backend.Nft, Backend.Legacy];

    [Theory, MemberData(nameof(Backends))]
    public void DockerAndFail2banStayThroughAFlushingScript(Backend backend)
    {
        using RealRun run = new(backend);
        run.Live.Sh("ipset create f2b-web hash:ip timeout 600; ipset create old hash:net");
        run.InLive(Docker);
        Dictionary<string, string[]> before = Everything(run);
        const string Rules = "\niptables -A INPUT -i lo -j ACCEPT\niptables -A INPUT -p tcp --dport 443 -j ACCEPT\niptables -A INPUT -j DROP\niptables -A FORWARD -i eth1 -j ACCEPT\niptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n";

        run.Run(Flush + Rules);
        Dictionary<string, string[]> after = Everything(run);
        string[] input =
        [
            "-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd",
            "-A INPUT -p tcp -m set --match-set f2b-web src -j DROP",
        ];
        string[] end = ["-A INPUT -i virbr0 -p udp -m udp --dport 53 -j ACCEPT", "-A INPUT -j DROP"];
        string[] forward = [.. before["filter FORWARD"].Where(rule => !rule.Contains("10.8.0.0", StringComparison.Ordinal))];
        Assert.Equal([.. input, "-A INPUT -i lo -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT", .. end], after["filter INPUT"]);
        Assert.Equal([.. forward, "-A FORWARD -i eth1 -j ACCEPT"], after["filter FORWARD"]);
        Assert.Equal([.. before["nat POSTROUTING"], "-A POSTROUTING -o eth0 -j MASQUERADE"], after["nat POSTROUTING"]);
        foreach (string chain in before.Keys.Except(["filter INPUT", "filter FORWARD", "nat POSTROUTING"]))
        {
            Assert.Equal(before[chain], after[chain]);
        }

        Assert.True(run.Run(Flush + Rules).IsEmpty);

        // Now Docker starts a container, somebody adds a rule by hand, and the script loses one and gets one.
        run.InLive(
            """
            iptables -t nat -A POSTROUTING -s 172.17.0.3/32 -d 172.17.0.3/32 -p tcp -m tcp --dport 81 -j MASQUERADE
            iptables -I INPUT 4 -s 198.51.100.0/24 -j ACCEPT
            iptables -I f2b-sshd -s 203.0.113.8/32 -j DROP
            """);
        before = Everything(run);
        run.Run(Flush + Rules.Replace("--dport 443", "--dport 8443", StringComparison.Ordinal));
        after = Everything(run);
        Assert.Equal(
            [.. input, "-A INPUT -i lo -j ACCEPT", "-A INPUT -s 198.51.100.0/24 -j ACCEPT", end[0], "-A INPUT -p tcp -m tcp --dport 8443 -j ACCEPT", end[1]],
            after["filter INPUT"]);
        foreach (string chain in before.Keys.Except(["filter INPUT"]))
        {
            Assert.Equal(before[chain], after[chain]);
        }
    }

    [Theory, MemberData(nameof(Backends))]
    public void AnIncrementalScriptAddsAndIsNotDoubled(Backend backend)
    {
        using RealRun run = new(backend);
        run.Live.Sh("ipset create f2b-web hash:ip timeout 600");
        run.InLive(Docker);
        Dictionary<string, string[]> before = Everything(run);
        const string Script = "iptables -I FORWARD -i tun0 -j ACCEPT\niptables -A INPUT -i tun0 -j ACCEPT\niptables -N VPN\niptables -A VPN -j RETURN\n";
        run.Run(Script);
        Dictionary<string, string[]> after = Everything(run);
        Assert.Equal([.. before["filter INPUT"], "-A INPUT -i tun0 -j ACCEPT"], after["filter INPUT"]);
        Assert.Equal(["-A FORWARD -i tun0 -j ACCEPT", .. before["filter FORWARD"]], after["filter FORWARD"]);
        Assert.Equal(["-A VPN -j RETURN"], after["filter VPN"]);
        Assert.True(run.Run(Script).IsEmpty);
        run.Run("true");
        Assert.Equal(before, Everything(run));
    }

    [Theory, MemberData(nameof(Backends))]
    public void LookingChangesNothing(Backend backend)
    {
        using RealRun run = new(backend);
        run.Live.Sh("ipset create f2b-web hash:ip timeout 600");
        run.InLive(Docker);
        Assert.True(run.Plan("iptables -t mangle -L; iptables -t nat -S; ipset list; iptables -C INPUT -i virbr0 -p udp -m udp --dport 53 -j ACCEPT").IsEmpty);
    }

    [Theory, MemberData(nameof(Backends))]
    public void SetsAreMergedByEntry(Backend backend)
    {
        using RealRun run = new(backend);
        const string Script =
            """
            ipset create bad hash:net
            ipset add bad 192.0.2.0/24
            ipset add bad 198.51.100.0/24
            iptables -A INPUT -m set --match-set bad src -j DROP
            """;
        Plan plan = run.Plan(Script);
        SetChange change = Assert.Single(plan.Sets);
        Assert.Equal(2, change.Desired!.Count);
        SetDiff diff = Assert.Single(PlanDiff.Of(plan).Sets);
        Assert.Equal(["192.0.2.0/24", "198.51.100.0/24"], diff.Added);
        Assert.Equal((ChangeKind.Add, "hash:net"), (diff.Kind, diff.TypeName));

        // In force, and somebody adds an entry.
        run.InLive(Script);
        run.Live.Sh("ipset add bad 203.0.113.9");
        run.Base = plan.NextBase;
        Assert.True(run.Plan(Script).IsEmpty);
        plan = run.Plan(Script.Replace("ipset add bad 192.0.2.0/24", "ipset add bad 192.0.2.0/25", StringComparison.Ordinal));
        diff = Assert.Single(PlanDiff.Of(plan).Sets);
        Assert.Equal(["192.0.2.0/25"], diff.Added);
        Assert.Equal(["192.0.2.0/24"], diff.Removed);
        Assert.Equal(3, Assert.Single(plan.Sets).Desired!.Count);
        Assert.Empty(plan.Tables);

        // The script drops all: the rule and the set go, unless somebody's rule still names the set.
        plan = run.Plan("true");
        Assert.Null(Assert.Single(plan.Sets).Desired);
        run.InLive("iptables -A FORWARD -m set --match-set bad dst -j DROP");
        plan = run.Plan("true");
        Assert.Empty(plan.Sets);
        Assert.Empty(Assert.Single(plan.Tables).Desired!.Find("INPUT")!.Rules);
    }

    [Theory, MemberData(nameof(Backends))]
    public void TwoScriptsShareASet(Backend backend)
    {
        using RealRun run = new(backend);
        const string Owner = "ipset create bad hash:ip; ipset add bad 192.0.2.1; iptables -A INPUT -m set --match-set bad src -j DROP\n";
        const string Feeder = "ipset add bad 192.0.2.2\n";
        run.Base = run.Plan(Owner, "/owner").NextBase;
        run.InLive(Owner);
        run.Base = run.Plan(Feeder, "/feeder").NextBase;
        run.InLive(Feeder);
        Assert.True(run.Plan(Feeder, "/feeder").IsEmpty);
        Assert.True(run.Plan(Owner, "/owner").IsEmpty);
        SetDiff diff = Assert.Single(PlanDiff.Of(run.Plan("true", "/feeder")).Sets);
        Assert.Equal(["192.0.2.2"], diff.Removed);
        Assert.Equal(ChangeKind.Keep, diff.Kind);
    }

    /// <summary>Rules of one script that look at a set of the other: a script that flushes takes them away, one that does not leaves them at their places.</summary>
    [Theory, MemberData(nameof(Backends))]
    public void RulesOnTheSetOfAnotherScript(Backend backend)
    {
        using RealRun run = new(backend);
        const string Owner = "ipset create bad hash:ip; ipset add bad 192.0.2.1; iptables -I INPUT -m set --match-set bad src -j DROP\n";
        const string Guest = "iptables -A INPUT -i eth1 -m set --match-set bad src -j REJECT\niptables -A INPUT -i eth2 -j DROP\n";
        run.InLive("iptables -A INPUT -i lo -j ACCEPT");
        foreach ((string script, string source) in new[] { (Owner, "/owner"), (Guest, "/guest") })
        {
            run.Base = run.Plan(script, source).NextBase;
            run.InLive(script);
        }

        Assert.True(run.Plan(Owner, "/owner").IsEmpty);
        Chain input = Assert.Single(run.Plan(Owner.Replace("-I INPUT", "-I INPUT 4", StringComparison.Ordinal), "/owner").Tables).Desired!.Find("INPUT")!;
        Assert.Equal(
            ["-i lo -j ACCEPT", "-i eth1 -m set --match-set bad src -j REJECT --reject-with icmp-port-unreachable", "-i eth2 -j DROP", "-m set --match-set bad src -j DROP"],
            input.Rules.Select(rule => rule.Text!["-A INPUT ".Length..]));
        input = Assert.Single(run.Plan("iptables -F\n" + Owner, "/owner").Tables).Desired!.Find("INPUT")!;
        Assert.Equal(["-m set --match-set bad src -j DROP", "-i lo -j ACCEPT"], input.Rules.Select(rule => rule.Text!["-A INPUT ".Length..]));
    }

    [Fact]
    public void EveryRuleGetsItsWords()
    {
        using TestNamespace target = new();
        target.Sh(
            """
            iptables-nft -A INPUT -p tcp --dport 22 -m comment --comment "a -c 1 2 b" -j ACCEPT
            iptables-nft -A INPUT -j LOG --log-prefix 'x [1:2] '
            iptables-nft -t nat -A POSTROUTING -o eth0 -j MASQUERADE
            ip6tables-nft -A INPUT -s 2001:db8::/32 -j DROP
            arptables-nft -A INPUT -s 192.0.2.1 -j DROP
            ebtables-nft -A FORWARD -s 02:00:00:00:00:01 -j DROP
            iptables-legacy -A INPUT -p udp -m multiport --dports 1,2 -j DROP
            iptables-legacy -N MINE; iptables-legacy -A INPUT -g MINE
            ip6tables-legacy -t mangle -A OUTPUT -j MARK --set-mark 7
            nft 'add table inet t { set s { type ipv4_addr; elements = { 192.0.2.7 } }; chain in { type filter hook input priority 0; tcp dport { 1, 2 } counter accept; ip saddr @s drop; }; }'
            """);
        Snapshot snapshot = RealRun.Read(target.Namespace);
        RuleText.Fill(snapshot, target.Namespace);
        Assert.Equal(
            [
                "-A INPUT -p tcp -m tcp --dport 22 -m comment --comment \"a -c 1 2 b\" -j ACCEPT",
                "-A INPUT -j LOG --log-prefix \"x [1:2] \"",
                "-A POSTROUTING -o eth0 -j MASQUERADE",
                "-A INPUT -j DROP -s 192.0.2.1",
                "-A FORWARD -s 02:00:00:00:00:01 -j DROP",
                "-A INPUT -s 2001:db8::/32 -j DROP",
                "tcp dport { 1, 2 } counter accept",
                "ip saddr @s drop",
                "-A INPUT -p udp -m multiport --dports 1,2 -j DROP",
                "-A INPUT -g MINE",
                "-A OUTPUT -j MARK --set-xmark 0x7/0xffffffff",
            ],
            from table in snapshot.Tables
            orderby table.Id.Backend, table.Id.IsXtables ? 0 : 1, table.Id.Family, table.Id.Name
            from chain in table.Chains
            from rule in chain.Rules
            select rule.Text);
    }

    [Fact]
    public void EntriesOfSetsAreInTheWordsOfIpset()
    {
        using TestNamespace target = new();
        string[] entries =
        [
            "a hash:ip 192.0.2.1", "b hash:net 192.0.2.0/24", "c hash:ip,port 192.0.2.1,tcp:80", "d hash:net,iface 192.0.2.0/25,eth0",
            "e hash:ip,port,net 192.0.2.1,udp:53,198.51.100.0/24", "f hash:net,net 192.0.2.0/24,198.51.100.0/25", "g hash:mac 02:00:00:00:00:0A",
            "h bitmap:port 80", "i hash:ip,mark 192.0.2.1,0x00000063", "j hash:ip,mac 192.0.2.1,02:00:00:00:00:0B",
        ];
        List<string> expected = [];
        foreach (string[] words in entries.Select(entry => entry.Split(' ')))
        {
            string options = words[1] == "bitmap:port" ? "range 0-1000" : "";
            if (target.Try($"ipset create {words[0]} {words[1]} {options} comment skbinfo && ipset add {words[0]} {words[2]} comment 'x y' skbmark 0x1/0xff").Status == 0)
            {
                expected.Add($"{words[2]} comment \"x y\" skbmark 0x1/0xff");
            }
        }

        target.Sh("ipset create z6 hash:net family inet6; ipset add z6 2001:db8::/32 nomatch; ipset create zl list:set; ipset add zl a");
        expected.AddRange(["2001:db8::/32 nomatch", "a"]);
        Assert.True(expected.Count > 6);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            IpSetSnapshot.Read(target.Namespace).SelectMany(set => SetDiff.Of(new SetChange(set.Name, null, set)).Added).Order(StringComparer.Ordinal));
        Assert.All(expected, entry => Assert.Contains($" {entry}", target.Sh("ipset save"), StringComparison.Ordinal));
    }

    private static Dictionary<string, string[]> Everything(RealRun run)
    {
        Dictionary<string, string[]> result = [];
        foreach (TableId id in new[] { run.Filter, run.Nat })
        {
            foreach (Chain chain in RealRun.Read(run.Live.Namespace).Find(id)!.Chains)
            {
                result[$"{id.Name} {chain.Name}"] = run.Rules(id, chain.Name);
            }
        }

        return result;
    }
}
