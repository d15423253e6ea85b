using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Tests.Legacy;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Nft;

/// <summary>Every rule that the tools here accept goes over equal: the built-in list, and the iptables test suite where it is at hand.</summary>
public sealed class NftUpstreamTests
{
    [Fact]
    public void EveryAcceptedRuleArrives()
    {
        using TestNamespace staging = new();
        using TestNamespace live = new();
        (int given, int accepted) = Load(staging);
        Assert.True(accepted > given * 3 / 4, $"only {accepted} of {given} rules were accepted");

        // The sets stand under other indexes in live.
        live.Sh("ipset create first hash:ip; ipset create second hash:ip; ipset create hosts6 hash:ip family inet6; ipset create hosts hash:ip timeout 0");
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
        Assert.Equal(NftTestPlan.Nft(staging), NftTestPlan.Nft(live));
        Assert.Equal(0, NftTestPlan.Transplant(live, staging));

        // Every third rule of INPUT goes: the rest keeps its place.
        staging.Sh("for n in $(seq $(iptables-nft -S INPUT | wc -l) -3 2); do iptables-nft -D INPUT $((n - 1)); done");
        NftTestPlan.Transplant(live, staging);
        Assert.Equal(NftTestPlan.Saved(staging), NftTestPlan.Saved(live));
    }

    private static (int Given, int Accepted) Load(TestNamespace target)
    {
        StringBuilder script = new(
            """
            ipset create hosts hash:ip timeout 0; ipset create hosts6 hash:ip family inet6 timeout 0
            for t in iptables-nft ip6tables-nft arptables-nft; do $t -N user; done
            n=0

            """);
        List<string> commands = [.. RuleLine.All().Select(line => $"{Tool(line.Family)} -t {line.Table} -A {line.Chain} {line.Words}"), .. Bridge()];
        foreach (string command in commands)
        {
            script.Append(command).Append(" 2>/dev/null </dev/null && n=$((n + 1))\n");
        }

        script.Append("echo $n\n");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, script.ToString());
            return (commands.Count, int.Parse(target.Sh($"sh {file} | tail -n 1"), System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Tool(Family family) => family switch
    {
        Family.Ipv6 => "ip6tables-nft",
        Family.Arp => "arptables-nft",
        _ => "iptables-nft",
    };

    private static IEnumerable<string> Bridge()
    {
        if (RuleLine.CorpusFolder() is not { } folder)
        {
            yield break;
        }

        foreach (string path in Directory.GetFiles(folder, "libebt_*.t").Order(StringComparer.Ordinal))
        {
            string table = "filter";
            string chain = "INPUT";
            foreach (string line in File.ReadLines(path))
            {
                string[] fields = line.Split(';');
                if (line.StartsWith(':'))
                {
                    chain = line[1..].Split(',')[0].Trim();
                }
                else if (line.StartsWith('*'))
                {
                    table = line[1..].Trim();
                }
                else if (fields.Length >= 3 && fields[2] == "OK")
                {
                    yield return $"ebtables-nft -t {table} -A {chain} {fields[0]}";
                }
            }
        }
    }
}
