using IptablesAtom.Model;

namespace IptablesAtom.Tests.Legacy;

/// <summary>A rule to load: family, table, chain and the words of the rule.</summary>
internal sealed record RuleLine(Family Family, string Table, string Chain, string Words)
{
    private static readonly string[] CorpusPlaces = ["shared/corpora/upstream-rules", "../shared/corpora/upstream-rules", "../../shared/corpora/upstream-rules"];

    internal string Tool => Family switch
    {
        Family.Ipv6 => "ip6tables-legacy",
        Family.Arp => "arptables-legacy",
        _ => "iptables-legacy",
    };

    internal string Command => $"{Tool} -t {Table} -A {Chain} {Words}";

    /// <summary>Every rule of the built-in list, and of the iptables test suite where a copy of it lies beside the checkout.</summary>
    internal static IEnumerable<RuleLine> All() => [.. BuiltIn(), .. Corpus()];

    internal static IEnumerable<RuleLine> BuiltIn()
    {
        string[] both =
        [
            "-p tcp --dport 22 -j ACCEPT", "-p udp -m multiport --dports 53,67:69 -j ACCEPT", "-m limit --limit 3/min --limit-burst 7",
            "-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 9 --hashlimit-mode srcip --hashlimit-name ssh -j ACCEPT",
            "-m recent --name bad --rcheck --seconds 60 -j DROP", "-m comment --comment \"two words\" -j LOG --log-prefix x:",
            "-m statistic --mode random --probability 0.25 -j DROP", "-m statistic --mode nth --every 3 --packet 0", "-m quota --quota 1000000",
            "-m connlimit --connlimit-above 10 -j REJECT", "-m string --algo bm --string secret -j DROP", "-m time --timestart 08:00 --timestop 17:00",
            "-m u32 --u32 '0&0xFFFF=0x100:0xFFFF'", "-m mark --mark 0x1/0xff", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "-m conntrack --ctstate INVALID -j DROP", "-m set --match-set hosts src -j DROP", "-m set ! --match-set hosts dst,src --packets-gt 3",
            "-j SET --add-set hosts src --exist --timeout 60", "-j SET --del-set hosts src", "-m mac --mac-source 02:00:00:00:00:01",
            "-m length --length 100:200", "-m pkttype --pkt-type broadcast", "-m physdev --physdev-is-bridged", "-i eth+ ! -s ::/0 -j RETURN",
            "-g user", "-j user", "-p tcp --syn -j user", "", "-p icmp", "-m cpu --cpu 0", "-m rateest --rateest est --rateest-gt --rateest-bps 1mbit",
        ];
        foreach (string words in both)
        {
            yield return new RuleLine(Family.Ipv4, "filter", "INPUT", words.Replace("::/0", "10.0.0.0/8", StringComparison.Ordinal));
            yield return new RuleLine(Family.Ipv6, "filter", "INPUT", words.Replace("icmp", "icmpv6", StringComparison.Ordinal).Replace("hosts", "hosts6", StringComparison.Ordinal));
        }

        yield return new RuleLine(Family.Ipv4, "nat", "PREROUTING", "-p tcp --dport 80 -j DNAT --to-destination 10.0.0.2:8080");
        yield return new RuleLine(Family.Ipv4, "nat", "POSTROUTING", "-o eth0 -j MASQUERADE");
        yield return new RuleLine(Family.Ipv6, "nat", "POSTROUTING", "-o eth0 -j SNAT --to-source 2001:db8::1");
        yield return new RuleLine(Family.Ipv4, "mangle", "FORWARD", "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu");
        yield return new RuleLine(Family.Ipv4, "mangle", "PREROUTING", "-j CONNMARK --restore-mark");
        yield return new RuleLine(Family.Ipv4, "mangle", "PREROUTING", "-j RATEEST --rateest-name est --rateest-interval 250ms --rateest-ewmalog 500ms");
        yield return new RuleLine(Family.Ipv6, "mangle", "POSTROUTING", "-j DSCP --set-dscp 10");
        yield return new RuleLine(Family.Ipv4, "raw", "PREROUTING", "-p udp --dport 53 -j CT --notrack");
        yield return new RuleLine(Family.Ipv6, "raw", "OUTPUT", "-p udp --sport 53 -j NOTRACK");
        yield return new RuleLine(Family.Ipv4, "security", "INPUT", "-p tcp --dport 1");
        yield return new RuleLine(Family.Arp, "filter", "INPUT", "-s 10.0.0.1 -j DROP");
        yield return new RuleLine(Family.Arp, "filter", "OUTPUT", "-d 10.0.0.1 -j mangle --mangle-ip-s 10.0.0.9");
        yield return new RuleLine(Family.Arp, "filter", "INPUT", "-s 10.0.0.2 -j user");
        yield return new RuleLine(Family.Arp, "filter", "INPUT", "-s 10.0.0.3");
    }

    /// <summary>The iptables test suite's rules, where a copy lies beside the checkout; else null.</summary>
    internal static string? CorpusFolder()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "IptablesAtom.slnx")))
        {
            root = root.Parent;
        }

        return root is null ? null : CorpusPlaces.Select(place => Path.Combine(root.FullName, place)).FirstOrDefault(Directory.Exists);
    }

    private static IEnumerable<RuleLine> Corpus() => CorpusFolder() is not { } folder
        ? []
        : Directory.GetFiles(folder, "*.t").Order(StringComparer.Ordinal).SelectMany(ReadFile);

    private static IEnumerable<RuleLine> ReadFile(string path)
    {
        string file = Path.GetFileName(path);
        Family[] families = file.Split('_')[0] switch
        {
            "libipt" => [Family.Ipv4],
            "libip6t" => [Family.Ipv6],
            "libarpt" => [Family.Arp],
            "libebt" => [],
            "libxt" when file == "libxt_IDLETIMER.t" => [], // its timers belong to the host, not to a namespace
            _ => [Family.Ipv4, Family.Ipv6],
        };
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
                foreach (Family family in families)
                {
                    yield return new RuleLine(family, table, chain, fields[0]);
                }
            }
        }
    }
}
