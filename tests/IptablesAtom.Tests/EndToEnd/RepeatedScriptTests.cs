using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Scripts that take away what they find: run again and again, they end as direct runs do.</summary>
public sealed class RepeatedScriptTests
{
    private const string DeletesItsOwn = """
        #!/bin/sh
        set -e
        iptables -D INPUT -j MINE
        iptables -F MINE
        iptables -X MINE
        iptables -N MINE
        iptables -A MINE -j ACCEPT
        iptables -A INPUT -j MINE

        """;

    [Fact]
    public void FlushRulesetLeavesNoEmptyTables()
    {
        const string Script = """
            #!/bin/sh
            set -e
            nft flush ruleset
            nft add table inet mine
            nft add chain inet mine in '{ type filter hook input priority 0; policy drop; }'
            nft add rule inet mine in tcp dport 22 accept

            """;
        using Cli.PublishedProgram program = new();
        using TestNamespace direct = new();
        const string Before = "iptables-nft -N OLD; iptables-nft -A INPUT -j OLD; iptables-nft -P FORWARD DROP; ip6tables-nft -t mangle -A OUTPUT -j ACCEPT; nft add table inet gone; nft add set inet gone s '{ type ipv4_addr; }'";
        program.Live.Sh(Before);
        direct.Sh(Before);
        string script = program.Script(Script);
        for (int run = 1; run <= 2; run++)
        {
            direct.Sh(Script);
            (int status, _, string error) = program.Run(["--replace", script]);
            Assert.True(status == 0, error);
            Assert.Equal(direct.Sh("nft -s list ruleset"), program.Live.Sh("nft -s list ruleset"));
        }
    }

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void AScriptThatDeletesItsOwnRules(string backend)
    {
        using Cli.PublishedProgram program = new();
        program.Live.Sh($"iptables-{backend} -N MINE; iptables-{backend} -A INPUT -j MINE");
        string script = program.Script(DeletesItsOwn);
        for (int run = 1; run <= 3; run++)
        {
            (int status, _, string error) = program.Run(["--backend", backend, script]);
            Assert.True(status == 0, error);
            Assert.Equal(run > 1, error.Contains("run again from a copy of live", StringComparison.Ordinal));
            Assert.Equal(
                "-N MINE\n-A INPUT -j MINE\n-A MINE -j ACCEPT\n",
                program.Live.Sh($"iptables-{backend} -S | grep -v ^-P"));
        }
    }

    /// <summary>A file tells such a script that its set is there, so it goes on after the rule that wants it.</summary>
    [Fact]
    public void AScriptThatMakesItsSetOnlyOnce()
    {
        using Cli.PublishedProgram program = new();
        string script = program.Script(
            """
            #!/bin/sh
            [ -e "$0.made" ] || { ipset create once hash:ip; ipset add once 192.0.2.1; : >"$0.made"; }
            iptables-nft -F INPUT
            iptables-nft -A INPUT -m set --match-set once src -j DROP
            """);
        for (int run = 1; run <= 3; run++)
        {
            (int status, _, string error) = program.Run([script]);
            Assert.True(status == 0, error);
            Assert.Equal(run > 1, error.Contains("run again from a copy of live", StringComparison.Ordinal));
            Assert.Equal("-A INPUT -m set --match-set once src -j DROP\n", program.Live.Sh("iptables-nft -S INPUT | grep -v ^-P"));
            Assert.Contains("add once 192.0.2.1", program.Live.Sh("ipset save"), StringComparison.Ordinal);
        }
    }

    /// <summary>A file tells such a script that its firewall stands; it looks at the rules and changes none.</summary>
    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void AScriptThatDoesNothingWhenItsFirewallStands(string backend)
    {
        using Cli.PublishedProgram program = new();
        program.Live.Sh($"iptables-{backend} -A INPUT -s 192.0.2.9 -j DROP; ipset create others hash:ip timeout 600; ipset add others 192.0.2.1");
        string script = program.Script(
            """
            #!/bin/sh
            if [ -e "$0.up" ]; then
              echo up already
              iptables -nvL; iptables -S INPUT; iptables-save -t nat; ipset list; nft list ruleset; iptables -C INPUT -j DROP
              exit 0
            fi
            iptables -N MINE
            iptables -A INPUT -j MINE
            iptables -A MINE -s 192.0.2.7 -j ACCEPT
            ip6tables -P INPUT DROP
            ipset create mine hash:ip
            : >"$0.up"
            """);
        string first = "";
        for (int run = 1; run <= 4; run++)
        {
            (int status, string output, string error) = program.Run(["--backend", backend, script]);
            Assert.True(status == 0, error);
            bool isUp = run is 2 or 3;
            Assert.Equal(isUp, output.Contains("up already", StringComparison.Ordinal));
            Assert.Equal(isUp, error.Contains("an earlier run of it made stays", StringComparison.Ordinal));
            string now = program.Live.Sh($"iptables-{backend} -S; ip6tables-{backend} -S; ipset list -n");
            first = run == 1 ? now : first;
            Assert.Equal(first, now);
            if (run == 3)
            {
                File.Delete(script + ".up");
            }
        }

        (int last, _, string message) = program.Run(["--backend", backend, "--from", "empty", script]);
        Assert.True(last == 0, message);
        Assert.DoesNotContain("MINE", program.Live.Sh($"iptables-{backend} -S"), StringComparison.Ordinal);
    }

    [Fact]
    public void FromEmptyTheMessageSaysWhatToDo()
    {
        using Cli.PublishedProgram program = new();
        (int status, _, string error) = program.Run(["--from", "empty", program.Script(DeletesItsOwn)]);
        Assert.Equal(3, status);
        Assert.Contains("--from live", error, StringComparison.Ordinal);
    }
}
