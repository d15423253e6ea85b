using System.Globalization;
using System.Text;
using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>A set of a million entries changes together with the rules: at most half of the time of ipset save | ipset restore.</summary>
internal static class Sets
{
    private const int Entries = 1_000_000;

    internal static void Run(string backend)
    {
        string[] files = [Write("set_a", 0), Write("set_b", 1)];
        using Host host = new(backend);
        host.Sh($"ipset restore < {files[0]}");
        double copied = host.Direct(["sh", "-c", "ipset save big | sed s/big/copy/ | ipset restore"]).Succeeded("ipset").Time.TotalMilliseconds;
        host.Sh("ipset destroy copy; ipset destroy big");

        string[] scripts = [Script("sets_a", files[0], "ACCEPT"), Script("sets_b", files[1], "DROP")];
        host.Atom(["--backend", backend, scripts[0]]).Succeeded("iptables-atom");
        double commit = CommitTime.Of(host, scripts[1]).Commit;
        double whole = host.Atom(["--backend", backend, scripts[0]]).Succeeded("iptables-atom").Time.TotalMilliseconds;

        Console.WriteLine($"sets: a set of {Figures.Of(Entries)} entries and a rule that uses it change together, {backend}");
        new TextTable("", "time", "of save | restore")
            .Add("ipset save | ipset restore", Figures.Milliseconds(copied), "1.0 x")
            .Add("iptables-atom, its commit (goal: at most 0.5 x)", Figures.Milliseconds(commit), Figures.Ratio(commit / copied))
            .Add("iptables-atom, whole run with the script's own restore", Figures.Milliseconds(whole), Figures.Ratio(whole / copied))
            .Print();
    }

    private static string Write(string name, int shift)
    {
        StringBuilder text = new("create -exist big hash:ip hashsize 524288 maxelem 2000000\nflush big\n");
        for (int i = 0; i < Entries; i++)
        {
            // Half of the entries stay, half of them are others.
            int n = i % 2 == 0 ? i : i + shift * 2 * Entries;
            text.Append(CultureInfo.InvariantCulture, $"add big {11 + (n >> 24)}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}\n");
        }

        string path = Path.Combine(Cleanup.Directory, name);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private static string Script(string name, string file, string action)
    {
        string path = Path.Combine(Cleanup.Directory, name + ".sh");
        File.WriteAllText(path, $"#!/bin/sh\nset -e\nipset restore < {file}\niptables -F\niptables -A INPUT -m set --match-set big src -j {action}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
