using IptablesAtom.Model;
using IptablesAtom.Planning;
using Xunit;

namespace IptablesAtom.Tests.Planning;

/// <summary>On a first run, a script that begins with -F and -X (or flush ruleset) leaves what a well-known program has, in its order.</summary>
public sealed class ForeignProgramTests
{
    public static TheoryData<string, Backend> All => new(
        from rules in ForeignProgramRules.All from backend in new[] { Backend.Nft, Backend.Legacy } select (rules.Program, backend));

    [Theory, MemberData(nameof(All))]
    public void StaysThroughAFlushingScript(string program, Backend backend)
    {
        ForeignProgramRules rules = ForeignProgramRules.All.Single(candidate => candidate.Program == program);
        using RealRun run = new(backend);
        run.Live.Sh(rules.Sets.Length > 0 ? rules.Sets : "true");
        run.InLive($"iptables_restore <<'END'\n*filter\n{Lines(rules.Filter)}COMMIT\n*nat\n{Lines(rules.Nat)}COMMIT\nEND\n");
        run.InLive("iptables -A INPUT -s 198.51.100.1 -j DROP"); // of nobody: it goes
        if (rules.Native.Length > 0)
        {
            run.Live.Sh($"nft '{rules.Native}'");
        }

        string tables = run.Live.Sh("nft list tables | sort; ipset list -n");
        const string Script = "for t in filter nat; do iptables -t $t -F; iptables -t $t -X; done\nipset destroy 2>/dev/null || true\niptables -A INPUT -i lo -j ACCEPT\n";
        for (int turn = 1; turn <= 2; turn++)
        {
            run.Run(Script);
            Check(run, run.Filter, rules.Filter, ["-A INPUT -i lo -j ACCEPT"]);
            Check(run, run.Nat, rules.Nat, []);
            Assert.Equal(tables, run.Live.Sh("nft list tables | sort; ipset list -n"));
        }

        if (rules.Native.Length > 0)
        {
            run.Base = new Base();
            Assert.DoesNotContain(run.Plan("nft flush ruleset").Tables, change => !change.Id.IsXtables);
        }
    }

    /// <summary>Chain by chain: the program's rules in its order, and of all else only what the script makes.</summary>
    private static void Check(RealRun run, TableId table, string[] lines, string[] ours)
    {
        IEnumerable<IGrouping<string, string>> chains = lines.Where(line => line.StartsWith("-A", StringComparison.Ordinal)).Concat(ours).GroupBy(line => line.Split(' ')[1]);
        foreach (IGrouping<string, string> chain in chains)
        {
            string[] found = run.Rules(table, chain.Key);
            Assert.Equal(chain.Except(ours), found.Except(ours));
            Assert.Equal(chain.Intersect(ours), found.Intersect(ours));
        }

        Assert.All(lines.Where(line => line.StartsWith(':')), line => Assert.Contains($"{line} ", run.Live.Sh($"iptables-{(table.Backend == Backend.Nft ? "nft" : "legacy")}-save -t {table.Name}"), StringComparison.Ordinal));
    }

    private static string Lines(string[] lines) => string.Concat(lines.Select(line => line.StartsWith(':') ? $"{line} - [0:0]\n" : $"{line}\n"));
}
