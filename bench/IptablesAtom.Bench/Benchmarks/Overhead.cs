using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>What staging, plan, commit and verification add to a small script: at most 60 ms.</summary>
internal static class Overhead
{
    private const int Runs = 25;

    internal static void Run(string backend)
    {
        string script = Path.Combine(Cleanup.Directory, "ten_rules");
        File.WriteAllText(script, """
            #!/bin/sh
            iptables -F
            iptables -P INPUT DROP
            iptables -A INPUT -i lo -j ACCEPT
            iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
            for port in 22 25 53 80 123 443 993 8443; do
              iptables -A INPUT -p tcp --dport $port -j ACCEPT
            done

            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Host direct = new(backend);
        using Host atom = new(backend);
        List<double> directly = [], ours = [];
        for (int i = 0; i < Runs; i++)
        {
            // In turns, so that whatever else the machine does falls on both; flushed, so that there is always something to commit.
            direct.Sh("iptables -P INPUT ACCEPT; iptables -F");
            directly.Add(direct.Direct([script]).Succeeded("the script").Time.TotalMilliseconds);
            atom.Sh("iptables -P INPUT ACCEPT; iptables -F");
            ours.Add(atom.Atom(["--backend", backend, script]).Succeeded("iptables-atom").Time.TotalMilliseconds);
        }

        Console.WriteLine($"overhead: a script of 10 rules, {backend}, {Runs} runs each in turns");
        new TextTable("", "median", "fastest")
            .Add("directly", Figures.Milliseconds(Figures.Median(directly)), Figures.Milliseconds(directly.Min()))
            .Add("iptables-atom", Figures.Milliseconds(Figures.Median(ours)), Figures.Milliseconds(ours.Min()))
            .Add(
                "difference (goal: at most 60 ms)",
                Figures.Milliseconds(Figures.Median(ours) - Figures.Median(directly)),
                Figures.Milliseconds(ours.Min() - directly.Min()))
            .Print();
    }
}
