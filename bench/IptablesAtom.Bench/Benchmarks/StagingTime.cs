using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>What staging costs: of a script of one rule (at most 40 ms), and of one on a host with many interfaces and routes (well under half a second).</summary>
internal static class StagingTime
{
    private const int Runs = 25;

    /// <summary>200 interfaces, 200 addresses, 1,000 routes.</summary>
    private const string LargeHost =
        """
        { for i in $(seq 100); do
            echo "link add a$i type veth peer name b$i"; echo "link set a$i up"; echo "link set b$i up"
            echo "addr add 10.$i.0.1/24 dev a$i"; echo "addr add fd00:$i::1/64 dev a$i nodad"
          done
          for i in $(seq 1000); do echo "route add 172.16.$((i / 250)).$((i % 250))/32 via 10.$((i % 100 + 1)).0.9"; done
        } | ip -batch -
        """;

    internal static void Run(string backend)
    {
        string script = Path.Combine(Cleanup.Directory, "one_rule");
        File.WriteAllText(script, "#!/bin/sh\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Host small = new(backend);
        using Host large = new(backend);
        large.Sh(LargeHost);
        List<double> directly = [], onSmall = [], onLarge = [];
        for (int i = 0; i < Runs; i++)
        {
            // In turns, so that whatever else the machine does falls on all; "plan" ends with 2 when there is something to change.
            small.Sh("iptables -F");
            directly.Add(small.Direct([script]).Succeeded("the script").Time.TotalMilliseconds);
            small.Sh("iptables -F");
            onSmall.Add(Plan(small));
            onLarge.Add(Plan(large));
        }

        Console.WriteLine($"staging: iptables-atom plan of a script of one rule, {backend}, {Runs} runs each in turns");
        new TextTable("", "median", "fastest")
            .Add("the script directly", Figures.Milliseconds(Figures.Median(directly)), Figures.Milliseconds(directly.Min()))
            .Add("plan", Figures.Milliseconds(Figures.Median(onSmall)), Figures.Milliseconds(onSmall.Min()))
            .Add(
                "difference (goal: at most 40 ms)",
                Figures.Milliseconds(Figures.Median(onSmall) - Figures.Median(directly)),
                Figures.Milliseconds(onSmall.Min() - directly.Min()))
            .Add(
                "plan, 200 interfaces and 1,000 routes (goal: well under 500 ms)",
                Figures.Milliseconds(Figures.Median(onLarge)),
                Figures.Milliseconds(onLarge.Min()))
            .Print();

        double Plan(Host host)
        {
            Outcome outcome = host.Atom(["plan", "--quiet", "--backend", backend, script]);
            return outcome.Status == 2
                ? outcome.Time.TotalMilliseconds
                : throw new InvalidOperationException($"plan ended with status {outcome.Status}\n{outcome.Error}");
        }
    }
}
