using System.Globalization;
using System.Text.RegularExpressions;
using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>What staging costs: of a script of one rule (at most 40 ms), and of one on a host with many interfaces and routes (well under half a second).</summary>
/// <remarks>All of it is starts of programs and system calls, so it is given in starts of /bin/true as well: one took 0.65 ms where the goal was set.</remarks>
internal static partial class StagingTime
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
        List<double> start = [], directly = [], staging = [], scriptInIt = [], onSmall = [], onLarge = [];
        for (int i = 0; i < Runs; i++)
        {
            // In turns, so that whatever else the machine does falls on all; "plan" ends with 2 when there is something to change.
            start.Add(small.Direct(["sh", "-c", "for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4; do /bin/true; done; done"]).Time.TotalMilliseconds / 50);
            small.Sh("iptables -F");
            directly.Add(small.Direct([script]).Succeeded("the script").Time.TotalMilliseconds);
            small.Sh("iptables -F");
            Outcome outcome = Plan(small);
            onSmall.Add(outcome.Time.TotalMilliseconds);
            Match times = Times().Match(outcome.Error);
            staging.Add(double.Parse(times.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            scriptInIt.Add(double.Parse(times.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
            onLarge.Add(Plan(large).Time.TotalMilliseconds);
        }

        Console.WriteLine($"staging: iptables-atom plan of a script of one rule, {backend}, {Runs} runs each in turns");
        TextTable table = new("", "median", "fastest", "starts of /bin/true");
        Row("a start of /bin/true", start);
        Row("the script directly", directly);
        Row("staging (goal: at most 40 ms)", staging);
        Row("the script in it", scriptInIt);
        Row("plan, with the start of the program, live, and words", onSmall);
        Row("plan, 200 interfaces and 1,000 routes (goal: well under 500 ms)", onLarge);
        table.Print();

        void Row(string what, List<double> times) => table.Add(
            what, Figures.Milliseconds(Figures.Median(times)), Figures.Milliseconds(times.Min()), Figures.Of((long)Math.Round(Figures.Median(times) / Figures.Median(start))));

        Outcome Plan(Host host)
        {
            Outcome outcome = host.Atom(["plan", "--verbose", "--backend", backend, script]);
            return outcome.Status == 2 ? outcome : throw new InvalidOperationException($"plan ended with status {outcome.Status}\n{outcome.Error}");
        }
    }

    [GeneratedRegex(@"([\d.]+) ms for staging, ([\d.]+) ms for the script in it")]
    private static partial Regex Times();
}
