using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>A way in which scripts call their tool thousands of times.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="FirstLine">The interpreter.</param>
/// <param name="Body">The script; TOOL is the tool, ROUNDS a fifth of the number of rules.</param>
internal sealed record CallStyle(string Name, string FirstLine, string Body)
{
    private const string Chains = "for c in c0 c1 c2 c3 c4; do TOOL -N $c; done\n";

    private const string Loop = """
        i=0
        while [ $i -lt ROUNDS ]; do
          a=$((i / 250)).$((i % 250))
          TOOL -A c0 -s 10.0.$a -j DROP
          TOOL -A c1 -p tcp -s 10.1.$a --dport 22 -j ACCEPT
          TOOL -A c2 -p udp -d 10.2.$a --dport 53 -m comment --comment "rule $i" -j ACCEPT
          TOOL -A c3 -s 10.3.$a -m conntrack --ctstate NEW -j RETURN
          TOOL -A c4 -p tcp -s 10.4.$a -m multiport --dports 80,443 -j ACCEPT
          i=$((i + 1))
        done

        """;

    /// <summary>Shell functions are not used in a script that handles signals: its calls go through the shim.</summary>
    private const string OnlyShim = "trap : TERM\n";

    private const string Xargs = """
        TOOL -N c0
        i=0
        while [ $i -lt $((ROUNDS * 5)) ]; do echo 10.$((i / 62500)).$((i / 250 % 250)).$((i % 250)); i=$((i + 1)); done | xargs -n 1 TOOL -A c0 -j DROP -s

        """;

    private const string Python = """
        import subprocess
        subprocess.run(["TOOL", "-N", "c0"])
        for i in range(ROUNDS * 5):
            subprocess.run(["TOOL", "-A", "c0", "-s", f"10.{i // 62500}.{i // 250 % 250}.{i % 250}", "-j", "DROP"], check=True)

        """;

    internal static CallStyle[] All { get; } =
    [
        new("dash, functions", "#!/bin/dash", Chains + Loop),
        new("bash, functions", "#!/bin/bash", Chains + Loop),
        new("dash, shim", "#!/bin/dash", OnlyShim + Chains + Loop),
        new("bash, shim", "#!/bin/bash", OnlyShim + Chains + Loop),
        new("xargs, shim", "#!/bin/sh", OnlyShim + Xargs),
        new("python, shim", "#!/usr/bin/python3", Python),
    ];

    /// <summary>True for the shells' own loops.</summary>
    internal bool IsShell => Body.EndsWith(Loop, StringComparison.Ordinal);

    /// <summary>Writes the script and gives its path.</summary>
    internal string Script(int count, string tool) => Write($"{count}-{Path.GetFileName(tool)}", Body, count, tool);

    /// <summary>The same of a shell's loop for a host that has the chains already.</summary>
    internal string MoreCalls(int count) => Write($"{count}-more", Loop, count, "iptables");

    private string Write(string name, string body, int count, string tool)
    {
        string path = Path.Combine(Cleanup.Directory, $"{Name.Replace(", ", "-", StringComparison.Ordinal)}-{name}");
        if (!File.Exists(path))
        {
            File.WriteAllText(path, $"{FirstLine}\n{body}".Replace("TOOL", tool, StringComparison.Ordinal).Replace("ROUNDS", $"{count / 5}", StringComparison.Ordinal));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
