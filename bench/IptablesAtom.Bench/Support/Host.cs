using System.Diagnostics;
using IptablesAtom.Load;

namespace IptablesAtom.Bench.Support;

/// <summary>
/// A throw-away host: the network namespace of a <see cref="LoadNetwork"/> and, for what runs on it, private places for the xtables lock,
/// for the tool's history, and for the names of the tools of one backend.
/// </summary>
internal sealed class Host : IDisposable
{
    private static int _count;
    private readonly string _directory;

    internal Host(string backend)
    {
        Backend = backend;
        _directory = Path.Combine(Cleanup.Directory, $"host{Interlocked.Increment(ref _count)}");
        Directory.CreateDirectory(Path.Combine(_directory, "lib"));
        Directory.CreateDirectory(Path.Combine(_directory, "bin"));
        foreach (string family in new[] { "iptables", "ip6tables" })
        {
            foreach (string suffix in new[] { "", "-save", "-restore" })
            {
                File.CreateSymbolicLink(
                    Path.Combine(_directory, "bin", family + suffix), $"/usr/sbin/xtables-{backend}-multi");
            }
        }
    }

    internal string Backend { get; }

    internal LoadNetwork Network { get; } = new();

    /// <summary>Runs a program directly on the host, as an administrator would.</summary>
    internal Outcome Direct(string[] command, params (string Name, string Value)[] environment) => Run(command, "", environment);

    /// <summary>Runs shell commands directly on the host.</summary>
    internal Outcome Sh(string script) => Run(["sh"], script, []).Succeeded("a command of the set-up");

    /// <summary>Runs iptables-atom on the host.</summary>
    /// <remarks>Inside the namespace: whatever the tool does, it cannot reach the machine's own firewall.</remarks>
    internal Outcome Atom(string[] arguments, params (string Name, string Value)[] environment) =>
        Run([Repository.Program, .. arguments], "", environment);

    /// <summary>The rules of both families, without counters and comments.</summary>
    internal string Rules() => Sh(
        """
        for t in iptables ip6tables; do
          echo "# $t"
          $t-save 2>/dev/null | grep -v '^#' | sed 's/\[[0-9]*:[0-9]*\]//' | awk '/^\*/ { table = $0 } { print table, $0 }' | sort -s -k 1,1
        done
        """).Output;

    /// <summary>How many rules there are.</summary>
    internal int RuleCount() => Rules().Split('\n').Count(line => line.Contains(" -A ", StringComparison.Ordinal));

    public void Dispose()
    {
        Network.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Outcome Run(string[] command, string input, (string Name, string Value)[] environment)
    {
        // The mount namespace is private: /var/lib is this host's own. No sysfs of the namespace is needed by what runs here.
        ProcessStartInfo start = new(
            "nsenter",
            [
                $"--net={Network.FirewallPath}", "unshare", "--mount", "sh", "-c",
                "mount --bind \"$0\" /var/lib && exec \"$@\"", Path.Combine(_directory, "lib"), .. command,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XTABLES_LOCKFILE"] = Path.Combine(_directory, "xtables.lock");
        start.Environment["PATH"] = $"{_directory}/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        long begin = Stopwatch.GetTimestamp();
        using Process process = Cleanup.Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        Cleanup.Ended(process);
        return new Outcome(process.ExitCode, output.Result, error.Result, time);
    }
}
