using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>
/// Scripts of one call of iptables a rule: run directly, and by iptables-atom (the whole run, commit and verification included), beside the floor: the same
/// script calling /bin/true. Goals at 5,000 rules: legacy 50 times, nft 15 times, a quarter of the floor; through the shim alone legacy 15 (dash) and
/// 9 (bash), nft 6 and 3; at 20,000: legacy 150 times, nft 25 times.
/// </summary>
internal static class FastScripts
{
    /// <summary>A direct legacy run of 20,000 rules takes ten minutes and more: only on request.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("BENCH_FULL") == "1";

    /// <summary>Table sizes at which <see cref="Estimate"/> runs calls, and how many at each.</summary>
    private const int Samples = 9, SampleCalls = 25;

    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("BENCH_RUNS"), out int runs) ? runs : 3;

    internal static void Run(string[] backends)
    {
        Console.WriteLine($"fast: one call of iptables a rule; medians of {Runs} runs in turns (directly: one run from 5,000 rules on; ~: summed up from samples)");
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
        bool isEstimated = backend == "legacy" && count > 5000 && !IsFull;
        List<double> direct = [], ours = [], floor = [];
        for (int i = 0; i < Runs; i++)
        {
            if (i == 0 || count < 5000)
            {
                direct.Add(isEstimated ? Estimate(backend, count, style) : Direct(backend, script));
            }

            ours.Add(Atom(backend, script, count));
            floor.Add(Direct(backend, idle));
        }

        double time = Figures.Median(ours);
        table.Add(
            $"{backend} {Figures.Of(count)} {style.Name}",
            (isEstimated ? "~ " : "") + Figures.Milliseconds(Figures.Median(direct)),
            Figures.Milliseconds(time),
            Figures.Ratio(Figures.Median(direct) / time),
            $"{time / count * 1000:N0} us",
            Figures.Milliseconds(Figures.Median(floor)),
            Figures.Ratio(time / Figures.Median(floor)));
    }

    private static double Direct(string backend, string script)
    {
        using Host host = new(backend);
        return host.Direct([script]).Succeeded("the script").Time.TotalMilliseconds;
    }

    /// <summary>What a direct run would take: a call's time grows with its table, so some are run at a few sizes, and between these it is taken to grow evenly.</summary>
    private static double Estimate(string backend, int count, CallStyle style)
    {
        string calls = style.MoreCalls(SampleCalls);
        double step = (double)count / (Samples - 1), sum = 0;
        for (int i = 0; i < Samples; i++)
        {
            using Host host = new(backend);
            _ = host.Atom(["--quiet", "--backend", backend, style.Script((int)(i * step), "iptables")]).Succeeded("iptables-atom");
            double call = host.Direct([calls]).Succeeded("the script").Time.TotalMilliseconds / SampleCalls;
            sum += call * step * (i is 0 or Samples - 1 ? 0.5 : 1);
        }

        return sum;
    }

    private static double Atom(string backend, string script, int count)
    {
        using Host host = new(backend);
        double time = host.Atom(["--quiet", "--backend", backend, script]).Succeeded("iptables-atom").Time.TotalMilliseconds;
        return host.RuleCount() == count ? time : throw new InvalidOperationException($"{host.RuleCount()} rules instead of {count}");
    }
}
