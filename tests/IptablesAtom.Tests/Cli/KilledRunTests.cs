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
        string[] firewalls = [Reference(Text("a")), Reference(Text("b"))];
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

    /// <summary>
    /// Legacy tables and sets change in several steps behind a switch, so a dump in between shows their scaffolding. What counts then: packets never met a mixture
    /// (the load tests), and the next run leaves exactly its own firewall.
    /// </summary>
    [Fact]
    public void AfterSigkillTheNextRunClearsUpLegacyTablesAndSets()
    {
        int count = Number("ATOM_KILLS", 8);
        int seed = Number("ATOM_SEED", 20261125);
        Random random = new(seed);
        using PublishedProgram program = new();
        string[] firewalls = [Reference(LegacyText("a")), Reference(LegacyText("b"))];
        string[] texts = [LegacyText("a"), LegacyText("b")];
        Stopwatch watch = Stopwatch.StartNew();
        (int status, _, string error) = program.Run([program.Script(texts[0])]);
        Assert.True(status == 0, error);
        Assert.Equal(firewalls[0], program.Live.Dump());
        int whole = (int)watch.ElapsedMilliseconds;
        for (int i = 0; i < count; i++)
        {
            int next = (i + 1) % 2;
            int after = random.Next(whole / 4, whole * 5 / 4);
            string script = program.Script(texts[next]);
            End(program, script, after, "KILL");
            string where = $"run {i} of seed {seed}: killed after {after} of {whole} ms";
            Assert.True(program.LeftProcesses().Length == 0, where);
            (status, _, error) = program.Run([script]);
            Assert.True(status == 0, $"{where}: {error}");
            string live = program.Live.Dump();
            Assert.True(firewalls[next] == live, $"{where}: the next run did not leave its own firewall:\n{live}");
        }
    }

    [Fact]
    public void ARunThatWasKilledRightAfterItsCommitIsKnownToTheNext()
    {
        using PublishedProgram program = new();
        string[] scripts = [program.Script(Text("a"), "a"), program.Script(Text("b"), "b")];
        Assert.Equal(0, program.Run([scripts[0]]).Status);
        string state = Assert.Single(Directory.GetFiles($"{program.Directory}/state/base"));
        byte[] before = File.ReadAllBytes(state);
        Assert.Equal(0, program.Run([scripts[1]]).Status);
        // As SIGKILL between the commit and the renaming of the file leaves it.
        File.Move(state, state + ".new");
        File.WriteAllBytes(state, before);
        (int status, _, string error) = program.Run([scripts[0]]);
        Assert.True(status == 0, error);
        Assert.Equal(Reference(Text("a")), program.Live.Dump());
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

    /// <summary>Two legacy tables of two families and a set that rules look at.</summary>
    private static string LegacyText(string letter) =>
        $"""
        #!/bin/sh
        setsid sleep 1020 > /dev/null 2>&1 &
        iptables-legacy -F
        iptables-legacy -X
        iptables-legacy -t nat -F
        ip6tables-legacy -F
        ipset create addresses hash:ip 2>/dev/null
        ipset flush addresses
        ipset add addresses 192.0.2.{letter[0] - 'a' + 1}
        iptables-legacy -N {letter}
        iptables-legacy -A INPUT -j {letter}
        iptables-legacy -A {letter} -m set --match-set addresses src -j DROP
        iptables-legacy -A {letter} -m comment --comment {letter} -j ACCEPT
        ip6tables-legacy -A INPUT -m comment --comment {letter} -j ACCEPT
        iptables-legacy -t nat -A PREROUTING -p tcp --dport 80 -m comment --comment {letter} -j REDIRECT --to-ports 8080
        """;

    /// <summary>What the script makes when it is run directly.</summary>
    private static string Reference(string text)
    {
        using TestNamespace space = new();
        space.Sh(text.Replace("setsid sleep 1020 > /dev/null 2>&1 &\n", "", StringComparison.Ordinal));
        return space.Dump();
    }

    /// <summary>Starts a run and ends it after some time.</summary>
    private static void End(PublishedProgram program, string script, int milliseconds, string how)
    {
        using Process process = how == "Ctrl-C" ? program.StartOnTerminal(script) : program.StartRun([script]);
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
