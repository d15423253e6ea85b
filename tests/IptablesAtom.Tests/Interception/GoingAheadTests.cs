using IptablesAtom.Staging.Interception;
using Xunit;

namespace IptablesAtom.Tests.Interception;

/// <summary>A shell that goes on before its calls are answered gets the same result; where a call then fails, the run is void and says so.</summary>
public sealed class GoingAheadTests
{
    private const string ManyRules =
        """
        iptables -N one; iptables -N two; iptables -N three; ip6tables -N one; iptables -t nat -N one; ipset create bad hash:ip
        i=0
        while [ $i -lt 25 ]; do
          i=$((i + 1))
          iptables -A one -s 10.0.0.$i -j DROP
          iptables -t nat -A one -p tcp --dport $i -j DNAT --to-destination 10.0.0.$i
          ip6tables -w -A one -s 2001:db8::$i -m comment --comment "number $i" -j ACCEPT
        done

        """;

    private const string LastRuleFails = $"{ManyRules}iptables -A one -s 10.0.0.300 -j DROP\necho done\n";

    public static TheoryData<string, string> Cases() => new() { { "nft", "dash" }, { "nft", "bash" }, { "legacy", "dash" }, { "legacy", "bash" } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EndsAsPlain(string backend, string shell)
    {
        string script =
            $$"""
            #!/bin/{{shell}}
            {{ManyRules}}
            set -u
            add() { iptables -I "$@"; }
            add two -s 10.1.0.1 -j one
            iptables -I INPUT 1 -m limit --limit 5/s -j LOG --log-prefix "a b "
            iptables -A INPUT -m set --match-set bad src -j DROP
            iptables -A two -p tcp -m multiport --dports 80,443,{{"$i"}} -j ACCEPT
            iptables -S one | tail -n 2
            iptables -A INPUT -i eth0 -s localhost -j two
            iptables-save | grep -c -- -A
            (iptables -D two 1; iptables -A two -s 10.1.0.2 -j DROP)
            iptables -L INPUT -n --line-numbers
            /usr/sbin/iptables -A two -s 10.1.0.3 -j DROP
            iptables -A two -s 10.1.0.4 -j three
            iptables-restore -n <<E
            *filter
            -A two -s 10.1.0.5 -j DROP
            COMMIT
            E
            iptables -A two -s 10.1.0.6 -j DROP
            iptables -I two 2 -s 10.1.0.7 -m mark --mark 1 -j RETURN
            echo done
            """;
        Assert.Equal(StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen, StagedScript.Run(script, backend, StagedScript.Way.Ahead).Seen);
    }

    /// <summary>The same through the shim: by the script's own shell, and by others, which wait.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EndsAsPlainThroughTheShim(string backend, string shell)
    {
        string script =
            $$"""
            #!/bin/{{shell}}
            trap : TERM
            {{ManyRules}}
            T=/usr/sbin/iptables
            $T -A two -s 10.1.0.1 -j one
            (iptables -A two -s 10.1.0.2 -j DROP; $T -D two 1)
            iptables -I two -s 10.1.0.3 -j DROP
            echo 10.1.0.4 10.1.0.5 | xargs -n 1 $T -A two -j DROP -s
            $T -w -A two -s 10.1.0.6 -j DROP
            perl -e 'system("iptables","-A","two","-s","10.1.0.300","-j","DROP") && system("iptables","-A","two","-s","10.1.0.7","-j","DROP")'
            $T -A two -s 10.1.0.8 -j DROP | cat
            $T -S two | tail -n 2
            iptables-restore -n <<E
            *filter
            -A two -s 10.1.0.9 -j DROP
            COMMIT
            E
            iptables -t filter -I two 2 -s 10.1.0.10 -m mark --mark 1 -j RETURN
            iptables -A two -m comment --comment "$(printf '%0200000d' 1)" -j DROP
            iptables -A two -s 10.1.0.11 -j DROP
            for i in $(seq 300); do echo 10.2.$((i / 250)).$((i % 250)); done | xargs -n 1 iptables -A two -j DROP -s
            for i in $(seq 100); do $T -A two -s 10.3.0.$i -j DROP; done
            seq 100 | xargs -I@ sh -c 'iptables -A two -s 10.4.0.@ -j DROP'
            for i in $(seq 100); do $T -A two -s 10.5.0.$i -j DROP; done
            """;
        StagedScript.Outcome ahead = StagedScript.Run(script, backend, StagedScript.Way.AheadThroughShim);
        Assert.Equal(StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen, ahead.Seen);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TellsThatACallFailedWhichTheShimLeftBehind(string backend, string shell) =>
        TellsThatTheLastRuleFailed($"#!/bin/{shell}\ntrap : TERM\n{LastRuleFails}", backend, StagedScript.Way.AheadThroughShim);

    [Theory]
    [MemberData(nameof(Cases))]
    public void TellsThatACallFailedWhichTheShellLeftBehind(string backend, string shell)
    {
        string script = $"#!/bin/{shell}\n{LastRuleFails}";
        TellsThatTheLastRuleFailed(script, backend, StagedScript.Way.Ahead);
        Assert.Equal(StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen, StagedScript.Run(script, backend, StagedScript.Way.Functions).Seen);
    }

    /// <summary>Lines made by chance, without those that fail: none of the others may fail because the shell went ahead.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EndsAsPlainByChance(string backend, string shell) => GeneratedCalls.Check(
        samples: 1,
        $"{backend} {shell} ahead",
        lines =>
        {
            List<string> plain = lines.FindAll(line => line.AsSpan().IndexOfAny("|&(<") < 0 && !line.Contains("2>", StringComparison.Ordinal));
            string[] statuses = StagedScript.Run(Script(shell, plain, " >/dev/null; echo \"rc $?\""), backend, StagedScript.Way.Plain)
                .Output.Split('\n').Where(line => line.StartsWith("rc ", StringComparison.Ordinal)).ToArray();
            string script = Script(shell, [.. plain.Where((_, index) => statuses[index] == "rc 0")], "");
            Assert.Equal(StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen, StagedScript.Run(script, backend, StagedScript.Way.Ahead).Seen);
        });

    [Theory]
    [InlineData("iptables -A INPUT -j DROP", false)]
    [InlineData("IPT=/sbin/iptables\n[ -x \"$IPT\" ] || exit 1\n$IPT -A INPUT -j DROP", false)]
    [InlineData("if [ \"$1\" = start ]; then iptables -A INPUT -j DROP; fi", false)]
    [InlineData("[ -n \"$x\" ] && iptables -A INPUT -j DROP", false)]
    [InlineData("for a in $(cat list); do\n  iptables -A INPUT -s $a -j DROP\ndone", false)]
    [InlineData("while read a; do iptables -A INPUT -s $a -j DROP; done < list", false)]
    [InlineData("# iptables -A INPUT || exit 1\necho", false)]
    [InlineData("set -e\niptables -A INPUT -j DROP", true)]
    [InlineData("#!/bin/sh -e\niptables -A INPUT -j DROP", true)]
    [InlineData("set -x", true)]
    [InlineData("iptables -A INPUT -j DROP || exit 1", true)]
    [InlineData("iptables -A INPUT \\\n -j DROP || exit 1", true)]
    [InlineData("iptables -A INPUT -j DROP\necho $?", true)]
    [InlineData("if iptables -A INPUT -j DROP; then echo yes; fi", true)]
    [InlineData("if ! $IPTABLES -A INPUT -j DROP; then echo no; fi", true)]
    [InlineData("F=/sbin/iptables\nuntil $F -A INPUT -j DROP; do sleep 1; done", true)]
    [InlineData("add() {\n  iptables -A \"$@\"\n}\nadd INPUT -j DROP", false)]
    [InlineData("add() {\n  iptables -A \"$@\"\n}\nadd INPUT -j DROP || exit 1", true)]
    [InlineData("if\n  iptables -A INPUT -j DROP\nthen echo; fi", true)]
    [InlineData("{\n  iptables -A INPUT -j DROP\n} || exit 1", true)]
    [InlineData("x=$(iptables -A INPUT -j DROP 2>&1)", true)]
    [InlineData("iptables -A INPUT -j DROP 2>/tmp/errors", true)]
    [InlineData("iptables -A INPUT -j DROP &", true)]
    [InlineData("iptables=/sbin/iptables\n$iptables -A INPUT -j DROP || exit 1", true)]
    [InlineData("iptables -A INPUT -j DROP\n\n\n# a\n/sbin/iptables -A INPUT -j DROP || exit 1", true)]
    [InlineData("iptables -A INPUT -j DROP\n`iptables -A INPUT -j DROP`", true)]
    [InlineData("iptables -A INPUT -m comment --comment 'if then' -j DROP", false)]
    [InlineData("if \\\n  iptables -A INPUT -j DROP\nthen echo; fi", true)]
    [InlineData("trap 'echo failed' ERR", true)]
    [InlineData("add() { iptables -A \"$@\"; }\nadd INPUT -j DROP\n(iptables -A INPUT -j DROP)", false)]
    [InlineData("(iptables -A INPUT -j DROP) || exit 1", true)]
    [InlineData("x=$(iptables -A INPUT -j DROP)", true)]
    [InlineData("xargs -n 1 iptables -A INPUT -j DROP -s < list", false)]
    [InlineData("xargs iptables < list || exit 1", true)]
    [InlineData("if cat list | xargs $T; then echo; fi", true)]
    [InlineData("x=$(echo $y | xargs)\nxargs iptables < list", false)]
    [InlineData("eval \"iptables -A INPUT\"", true)]
    [InlineData(". ./more", true)]
    public void KnowsWhatLooksAtStatuses(string script, bool looks) => Assert.Equal(looks, ScriptScan.LooksAtStatuses(script));

    /// <summary>First xargs goes ahead, then the functions of the shell, and then xargs waits.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EndsAsPlainWithXargsBesideFunctions(string backend, string shell)
    {
        string script =
            $$"""
            #!/bin/{{shell}}
            iptables -N one
            seq 200 | xargs -I@ iptables -A one -s 10.0.0.@ -j DROP
            iptables -I one 200 -j RETURN
            for i in $(seq 200); do iptables -A one -s 10.1.0.$i -j DROP; done
            seq 200 | xargs -I@ iptables -I one -s 10.2.0.@ -j DROP
            iptables -D one 400
            iptables -S one | head -n 3
            """;
        Assert.Equal(StagedScript.Run(script, backend, StagedScript.Way.Plain).Seen, StagedScript.Run(script, backend, StagedScript.Way.Ahead).Seen);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TellsThatACallFailedWhichXargsLeftBehind(string backend, string shell)
    {
        const string Xargs = "iptables -N one\n(seq 200; echo 300) | xargs -I@ iptables -A one -s 10.0.0.@ -j DROP\n";
        TellsThatTheLastRuleFailed($"#!/bin/{shell}\n{Xargs}", backend, StagedScript.Way.Ahead);
        TellsThatTheLastRuleFailed($"#!/bin/{shell}\ntrap : TERM\n{Xargs}", backend, StagedScript.Way.AheadThroughShim);
    }

    private static void TellsThatTheLastRuleFailed(string script, string backend, StagedScript.Way way)
    {
        DivergenceException failure = Assert.Throws<DivergenceException>(() => StagedScript.Run(script, backend, way));
        Assert.True(failure.WentAhead);
        Assert.Contains("iptables -A one -s 10.0.0.300 -j DROP", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The filter of the script's connections asks about each address as long as a sockaddr_in, sockaddr_in6 or sockaddr_storage: a call would wait for that.</summary>
    [Fact]
    public void NoAddressOfOursIsAsLongAsAnInternetOne()
    {
        IEnumerable<int> names = Enumerable.Range(1, 10).Select(digits => InterceptionPaths.AheadSocket.Length + digits).Append(InterceptionPaths.Socket.Length);
        Assert.DoesNotContain(names, length => sizeof(ushort) + 1 + length is 16 or 28 or 128);
    }

    private static string Script(string shell, List<string> lines, string behind) =>
        $"#!/bin/{shell}\n{ManyRules}" + string.Concat(lines.Select((line, index) => $"{line}{behind}\necho {index}\n"));
}
