using System.Diagnostics;
using IptablesAtom.Bench.Support;
using IptablesAtom.Load;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>Coupled rules in four tables of two families, and sets, flip 200 times under packets: 0 wrong.</summary>
internal static class Flips
{
    private const int Count = 200;

    internal static void Run(string backend)
    {
        CoupledFirewall firewall = new();
        string[] scripts = [Write("flip_a", firewall.Script(isB: false)), Write("flip_b", firewall.Script(isB: true))];
        (LoadResult baseline, double baselineTime) = Flip(backend, firewall,
            (host, isB) => host.Sh(firewall.Baseline(isB, backend)));
        (LoadResult ours, double ourTime) = Flip(backend, firewall,
            (host, isB) => host.Atom(["--backend", backend, scripts[isB ? 1 : 0]]).Succeeded("iptables-atom"));

        Console.WriteLine($"flips: {Count} flips of 4 tables x 2 families and 2 sets, {backend}, {Figures.Of(PacketLoad.DefaultRate)} packets/s");
        new TextTable("", "ipset, iptables- and ip6tables-restore", "iptables-atom")
            .Add("packets", Figures.Of(baseline.Sent), Figures.Of(ours.Sent))
            .Add("time for one flip", Figures.Milliseconds(baselineTime), Figures.Milliseconds(ourTime))
            .Add("wrongly dropped", Figures.Of(baseline.WronglyDropped), Figures.Of(ours.WronglyDropped))
            .Add("wrongly accepted", Figures.Of(baseline.WronglyAccepted), Figures.Of(ours.WronglyAccepted))
            .Print();
        if (ours is not { WronglyAccepted: 0, WronglyDropped: 0 })
        {
            Console.WriteLine($"iptables-atom: {ours}\n");
        }
    }

    private static string Write(string name, string script)
    {
        string path = Path.Combine(Cleanup.Directory, name);
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static (LoadResult Result, double Median) Flip(string backend, CoupledFirewall firewall, Action<Host, bool> flip)
    {
        using Host host = new(backend);
        flip(host, false); // from nothing: what others had put there before would stay theirs
        using PacketLoad load = PacketLoad.Start(host.Network, CoupledFirewall.Classes);
        List<double> times = [];
        for (int i = 0; i < Count; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            flip(host, i % 2 == 0);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            host.Sh("conntrack -F 2>/dev/null || true"); // one wrong translation must not be counted for ever
        }

        return (load.Stop(), Figures.Median(times));
    }
}
