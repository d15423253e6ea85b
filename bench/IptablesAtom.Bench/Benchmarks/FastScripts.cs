using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>
/// Scripts of one call of iptables a rule: run directly, and by iptables-atom (the whole run, commit and verification included), beside the floor: the same
/// script calling /bin/true. Goals at 5,000 rules: legacy 50 times, nft 15 times, a quarter of the floor; through the shim alone legacy 15 (dash) and
/// 9 (bash), nft 6 and 3; at 20,000: legacy 150 times, nft 25 times.
/// </summary>
internal static class FastScripts
{
    /// <summary>A direct legacy run of 20,000 rules takes ten minutes: only on request.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("BENCH_FULL") == "1";

    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("BENCH_RUNS"), out int runs) ? runs : 3;

    internal static void Run(string[] backends)
    {
        Console.WriteLine($"fast: one call of iptables a rule; medians of {Runs} runs in turns (directly: one run from 5,000 rules on)");
        TextTable table = new("backend, rules, how it calls", "directly", "iptables-atom", "times faster", "per rule", "floor (/bin/true)", "of the floor");
        foreach (string backend in backends)
        {
            foreach (int count in new[] { 1000, 5000, 20000 })
            {
                foreach (CallStyle style in CallStyle.All.Where(style => count == 5000 || style.IsShell))
                {
                    Measure(table, backend, count, style);
                }
            }
        }

        table.Print();
    }

    private static void Measure(TextTable table, string backend, int count, CallStyle style)
    {
        string script = style.Script(count, "iptables"), idle = style.Script(count, "/bin/true");
        List<double> direct = [], ours = [], floor = [];
        for (int i = 0; i < Runs; i++)
        {
            if (backend == "nft" || count <= 5000 ? i == 0 || count < 5000 : IsFull && i == 0)
            {
                direct.Add(Direct(backend, script));
            }

            ours.Add(Atom(backend, script, count));
            floor.Add(Direct(backend, idle));
        }

        double time = Figures.Median(ours);
        table.Add(
            $"{backend} {Figures.Of(count)} {style.Name}",
            direct.Count > 0 ? Figures.Milliseconds(Figures.Median(direct)) : "-",
            Figures.Milliseconds(time),
            direct.Count > 0 ? Figures.Ratio(Figures.Median(direct) / time) : "-",
            $"{time / count * 1000:N0} us",
            Figures.Milliseconds(Figures.Median(floor)),
            Figures.Ratio(time / Figures.Median(floor)));
    }

    private static double Direct(string backend, string script)
    {
        using Host host = new(backend);
        return host.Direct([script]).Succeeded("the script").Time.TotalMilliseconds;
    }

    private static double Atom(string backend, string script, int count)
    {
        using Host host = new(backend);
        double time = host.Atom(["--quiet", "--backend", backend, script]).Succeeded("iptables-atom").Time.TotalMilliseconds;
        return host.RuleCount() == count ? time : throw new InvalidOperationException($"{host.RuleCount()} rules instead of {count}");
    }
}
