using System.Diagnostics;
using System.Globalization;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Cli;

/// <summary>
/// A whole run is ended at random moments, by SIGKILL, SIGTERM or Ctrl-C: live is the whole old or the whole new firewall each time, and nothing of the run
/// is left. <c>ATOM_KILLS=200</c> makes it as many; <c>ATOM_SEED</c> repeats one.
/// </summary>
public sealed class KilledRunTests
{
    private const int Rules = 40;

    [Fact]
    public void LiveIsWholeAndNothingIsLeft()
    {
        int count = Number("ATOM_KILLS", 15);
        int seed = Number("ATOM_SEED", 20261125);
        Random random = new(seed);
        using PublishedProgram program = new();
        string mounts = File.ReadAllText("/proc/self/mountinfo");
        string[] firewalls = [Reference("a"), Reference("b")];
        string[] scripts = [program.Script(Text("a"), "a"), program.Script(Text("b"), "b")];
        Stopwatch watch = Stopwatch.StartNew();
        (int status, _, string error) = program.Run([scripts[0]]);
        Assert.True(status == 0, error);
        Assert.Equal(firewalls[0], program.Live.Dump());
        int whole = (int)watch.ElapsedMilliseconds;
        int current = 0;
        for (int i = 0; i < count; i++)
        {
            int next = 1 - current;
            int after = random.Next(whole * 5 / 4);
            string how = random.Next(3) switch { 0 => "KILL", 1 => "TERM", _ => "Ctrl-C" };
            End(program, scripts[next], after, how);
            string where = $"run {i} of seed {seed}: {how} after {after} of {whole} ms";
            string[] left = program.LeftProcesses();
            Assert.True(left.Length == 0, $"{where}: left running: {string.Join("; ", left)}");
            Assert.True(program.LeftFiles().Length == 0, $"{where}: left files: {string.Join("; ", program.LeftFiles())}");
            string live = program.Live.Dump();
            int found = Array.IndexOf(firewalls, live);
            Assert.True(found >= 0, $"{where}: live is neither the old nor the new firewall:\n{live}");
            current = found;
        }

        Assert.Equal(mounts, File.ReadAllText("/proc/self/mountinfo"));
        (status, _, error) = program.Run([scripts[1 - current]]);
        Assert.True(status == 0, error);
        Assert.Equal(firewalls[1 - current], program.Live.Dump());
    }

    /// <summary>A whole firewall of its own for each letter, in several families, built beside a daemon that must not survive.</summary>
    private static string Text(string letter) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        #!/bin/sh
        setsid sleep 1020 > /dev/null 2>&1 &
        iptables-nft -F
        iptables-nft -X
        ip6tables-nft -F
        iptables-nft -t nat -F
        iptables-nft -N {{letter}}
        iptables-nft -A INPUT -j {{letter}}
        i=0
        while [ $i -lt {{Rules}} ]; do
            iptables-nft -A {{letter}} -s 192.0.2.$i -m comment --comment {{letter}}$i -j ACCEPT
            i=$((i + 1))
        done
        ip6tables-nft -A INPUT -m comment --comment {{letter}} -j ACCEPT
        iptables-nft -t nat -A PREROUTING -p tcp --dport 80 -m comment --comment {{letter}} -j REDIRECT --to-ports 8080
        """);

    /// <summary>What the script makes when it is run directly.</summary>
    private static string Reference(string letter)
    {
        using TestNamespace space = new();
        space.Sh(Text(letter).Replace("setsid sleep 1020 > /dev/null 2>&1 &\n", "", StringComparison.Ordinal));
        return space.Dump();
    }

    /// <summary>Starts a run and ends it after some time.</summary>
    private static void End(PublishedProgram program, string script, int milliseconds, string how)
    {
        string[] run = [PublishedProgram.Path, "run", "--netns", program.Live.NsPath, script];
        // script(1) gives it a terminal of its own, where a typed Ctrl-C goes to the whole foreground group.
        using Process process = how == "Ctrl-C"
            ? program.Start("script", "-qec", "exec " + string.Join(' ', run), "/dev/null")
            : program.Start(run[0], run[1..]);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Thread.Sleep(milliseconds);
        if (how == "Ctrl-C")
        {
            try
            {
                process.StandardInput.Write('\x3');
                process.StandardInput.Flush();
            }
            catch (IOException)
            {
                // it had ended
            }
        }
        else
        {
            using Process kill = Process.Start(new ProcessStartInfo("kill", ["-" + how, process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            kill.WaitForExit();
        }

        process.WaitForExit();
        _ = output.Result + error.Result;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
