using System.Globalization;
using IptablesAtom.Bench.Support;
using IptablesAtom.Load;

namespace IptablesAtom.Bench.Demo;

/// <summary>
/// The same unmodified script on two equal hosts, each under the same packets: run directly, and run by iptables-atom. Then once more with a
/// mistake in it.
/// </summary>
internal sealed class OldWayAndNewWay
{
    private static readonly PacketClass[] Packets =
    [
        .. PacketClass.Both("name server, open before and after", 53, Expectation.Accepted),
        .. PacketClass.Both("web server, open before and after", 443, Expectation.Accepted, source: 2),
        .. PacketClass.Both("database, shut before and after", 5432, Expectation.Dropped, source: 3),
        .. PacketClass.Both("web behind it, open before and after", 443, Expectation.Accepted, Destination.Server, source: 4),
        .. PacketClass.Both("printer behind it, shut before and after", 9100, Expectation.Dropped, Destination.Server, source: 5),
    ];

    private readonly string _backend;
    private readonly int _rules;

    internal OldWayAndNewWay(string backend)
    {
        _backend = backend;
        // A legacy table is read and written whole by each call: 5,000 calls can take minutes, and a demonstration should not.
        _rules = backend == "nft" ? 5000 : 2500;
    }

    internal int Run()
    {
        string script = Repository.Example("big_firewall_script");
        Console.WriteLine($"""
            {Figures.Of(_rules)} rules by examples/big_firewall_script, iptables-{_backend}, on throw-away hosts (network namespaces).
            Each host has a running firewall, and a client that sends {Figures.Of(PacketLoad.DefaultRate)} packets/s to it and through it, IPv4 and IPv6.

            """);

        Side direct = Play("the old way: the script runs on the host", host => host.Direct([script], Environment()));
        Side atom = Play("iptables-atom", host => host.Atom(["--backend", _backend, script], Environment()));

        new TextTable("", "directly", "iptables-atom")
            .Add("time", Figures.Seconds(direct.Outcome.Time), Figures.Seconds(atom.Outcome.Time))
            .Add("packets sent meanwhile", Figures.Of(direct.Load.Sent), Figures.Of(atom.Load.Sent))
            .Add("wrongly dropped", Figures.Of(direct.Load.WronglyDropped), Figures.Of(atom.Load.WronglyDropped))
            .Add("wrongly accepted", Figures.Of(direct.Load.WronglyAccepted), Figures.Of(atom.Load.WronglyAccepted))
            .Add("rules before", Figures.Of(direct.Before), Figures.Of(atom.Before))
            .Add("rules after", Figures.Of(direct.After), Figures.Of(atom.After))
            .Print();

        bool same = direct.Rules == atom.Rules;
        Console.WriteLine(same
            ? "Both hosts now have the same rules, line by line."
            : "THE HOSTS DIFFER:\n" + FirstDifference(direct.Rules, atom.Rules));
        Console.WriteLine();

        bool kept = ShowMistake(script);
        bool clean = atom.Load is { WronglyAccepted: 0, WronglyDropped: 0 };
        if (!clean)
        {
            Console.WriteLine(atom.Load);
        }

        return same && kept && clean ? 0 : 1;
    }

    /// <summary>The script with a mistake in the middle: what is in force afterwards?</summary>
    private bool ShowMistake(string script)
    {
        string broken = Path.Combine(Cleanup.Directory, "script_with_a_mistake");
        File.WriteAllText(broken, File.ReadAllText(script)
            .Replace("#!/bin/sh\n", "#!/bin/sh\nset -e\n", StringComparison.Ordinal)
            .Replace("-p udp -m multiport --dports 53,443", "-p udp -m multiport --dprots 53,443", StringComparison.Ordinal));
        File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (string, string)[] small = [("RULES", "300")];

        using Host direct = MakeHost();
        string old = direct.Rules();
        direct.Direct([broken], small);
        int left = direct.RuleCount();

        using Host atom = MakeHost();
        Outcome outcome = atom.Atom(["--backend", _backend, broken], small);
        bool kept = atom.Rules() == old;
        Console.WriteLine($"""
            The same script with a typing error in the middle (--dprots), 300 rules:
              directly        it stops there, and leaves {left} rules of the new firewall, no service open, the old firewall gone
              iptables-atom   exit {outcome.Status}, the old firewall {(kept ? "is untouched" : "WAS CHANGED")}; it says:

            """);
        foreach (string line in outcome.Error.TrimEnd().Split('\n').TakeLast(6))
        {
            Console.WriteLine("                  " + line);
        }

        Console.WriteLine();
        return kept && outcome.Status == 3;
    }

    private Side Play(string what, Func<Host, Outcome> run)
    {
        Console.WriteLine($"  ... {what}");
        using Host host = MakeHost();
        int before = host.RuleCount();
        using PacketLoad load = PacketLoad.Start(host.Network, Packets);
        Thread.Sleep(300);
        Outcome outcome = run(host).Succeeded(what);
        Thread.Sleep(300);
        LoadResult result = load.Stop();
        string rules = host.Rules();
        return new Side(outcome, result, before, host.RuleCount(), rules);
    }

    private Host MakeHost()
    {
        Host host = new(_backend);
        host.Sh(
            """
            set -e
            for t in iptables ip6tables; do
              $t-restore <<'END'
            *filter
            :INPUT DROP
            :FORWARD DROP
            :OUTPUT ACCEPT
            -A INPUT -i lo -j ACCEPT
            -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
            -A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT
            -A INPUT -p udp -m multiport --dports 53,443 -j ACCEPT
            -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
            -A FORWARD -i eth0 -o eth1 -p udp --dport 443 -j ACCEPT
            COMMIT
            END
            done
            """);
        return host;
    }

    private (string, string)[] Environment() => [("RULES", _rules.ToString(CultureInfo.InvariantCulture))];

    private static string FirstDifference(string left, string right)
    {
        string[] a = left.Split('\n');
        string[] b = right.Split('\n');
        int index = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"  line {index + 1}, directly:      {a.ElementAtOrDefault(index)}\n  line {index + 1}, iptables-atom: {b.ElementAtOrDefault(index)}";
    }

    private sealed record Side(Outcome Outcome, LoadResult Load, int Before, int After, string Rules);
}
