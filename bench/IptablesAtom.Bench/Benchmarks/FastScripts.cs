using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>
/// Scripts of one call a rule: run directly, by iptables-atom (the whole run, commit included) through shell functions and through the shim, and
/// the floor: the same loop that calls /bin/true.
/// </summary>
internal static class FastScripts
{
    /// <summary>A direct legacy run of 20,000 rules takes ten minutes: only on request.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("BENCH_FULL") == "1";

    internal static void Run(string backend)
    {
        Console.WriteLine($"fast: one call of iptables a rule, {backend}");
        TextTable table = new("rules, shell", "directly", "functions", "ratio", "shim", "ratio", "floor (/bin/true)", "functions / floor");
        foreach (int count in new[] { 1000, 5000, 20000 })
        {
            foreach (string shell in new[] { "dash", "bash" })
            {
                double? direct = backend == "legacy" && count > 5000 && !IsFull ? null : Direct(backend, Script(shell, count, "iptables", ""));
                double functions = Atom(backend, Script(shell, count, "iptables", ""), count);
                double shim = Atom(backend, Script(shell, count, "iptables", "trap : EXIT"), count); // functions are not used where a trap is set
                double floor = Direct(backend, Script(shell, count, "/bin/true", ""));
                table.Add(
                    $"{Figures.Of(count)} {shell}",
                    direct is { } time ? Figures.Milliseconds(time) : "-",
                    Figures.Milliseconds(functions),
                    direct is { } first ? Figures.Ratio(first / functions) : "-",
                    Figures.Milliseconds(shim),
                    direct is { } second ? Figures.Ratio(second / shim) : "-",
                    Figures.Milliseconds(floor),
                    Figures.Ratio(functions / floor));
            }
        }

        table.Print();
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

    private static string Script(string shell, int count, string tool, string extra)
    {
        string path = Path.Combine(Cleanup.Directory, $"fast-{shell}-{count}-{Path.GetFileName(tool)}-{extra.Length}");
        File.WriteAllText(path, $"""
            #!/bin/{shell}
            {extra}
            for c in c0 c1 c2 c3 c4; do {tool} -N $c; done
            i=0
            while [ $i -lt {count / 5} ]; do
              a=$((i / 250)).$((i % 250))
              {tool} -A c0 -s 10.0.$a -j DROP
              {tool} -A c1 -p tcp -s 10.1.$a --dport 22 -j ACCEPT
              {tool} -A c2 -p udp -d 10.2.$a --dport 53 -m comment --comment "rule $i" -j ACCEPT
              {tool} -A c3 -s 10.3.$a -m conntrack --ctstate NEW -j RETURN
              {tool} -A c4 -p tcp -s 10.4.$a -m multiport --dports 80,443 -j ACCEPT
              i=$((i + 1))
            done

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
