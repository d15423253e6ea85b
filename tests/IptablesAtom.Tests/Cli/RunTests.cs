using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace IptablesAtom.Tests.Cli;

/// <summary>What a script may be and do, and what the user then sees: exit status, sentence, and live untouched.</summary>
public sealed class RunTests : IDisposable
{
    private readonly PublishedProgram _program = new();
    private readonly string _before;

    public RunTests()
    {
        _program.Live.Sh("iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT");
        _before = _program.Live.Dump();
    }

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("#!/bin/sh\nexit 7\n", 3, "exit status 7")]
    [InlineData("#!/bin/sh\niptables-nft -F\niptables-nft -P INPUT DROP\nexit 1\n", 3, "exit status 1")]
    [InlineData("#!/bin/sh\niptables-nft -F\nkill -KILL $$\n", 3, "SIGKILL")]
    [InlineData("#!/no/such/interpreter\n", 3, "interpreter")]
    [InlineData("#!/bin/sh\r\nexit 0\r\n", 3, "carriage return")]
    public void AFailedScriptLeavesLiveUntouched(string text, int status, string sentence)
    {
        (int code, _, string error) = _program.Run([_program.Script(text)]);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(status, code);
        AssertUntouched();
    }

    [Fact]
    public void AMissingScriptIsNamed()
    {
        (int code, _, string error) = _program.Run([$"{_program.Directory}/none"]);
        Assert.Contains("there is no file", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
        AssertUntouched();
    }

    [Fact]
    public void AScriptThatIsNotExecutableSaysWhatToDo()
    {
        string script = _program.Script("#!/bin/sh\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead);
        (int code, _, string error) = _program.Run([script]);
        Assert.Contains($"chmod +x {script}", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
        AssertUntouched();
    }

    [Fact]
    public void WordsThatAShellWouldSplitAreQuoted()
    {
        string script = _program.Script("#!/bin/sh\niptables-nft -A INPUT -m comment --comment 'two words' -j NONE\n", "my script");
        File.SetUnixFileMode(script, UnixFileMode.UserRead);
        Assert.Contains($"chmod +x '{script}'", _program.Run([script]).Error, StringComparison.Ordinal);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("my script:2: iptables-nft -A INPUT -m comment --comment 'two words' -j NONE", _program.Run([script]).Error, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public void OptionsMayStandBeforeTheCommand()
    {
        using Process process = _program.Start(PublishedProgram.Path, "--netns", _program.Live.NsPath, "plan", "--", "iptables-nft", "-A", "INPUT", "-j", "DROP");
        Assert.Contains("+ -A INPUT -j DROP", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        AssertUntouched();
    }

    [Fact]
    public void ACommitThatCannotBeRecordedSaysWhatIsInForce()
    {
        Assert.Equal(0, _program.Run(["--", "iptables-nft", "-A", "INPUT", "-s", "192.0.2.20", "-j", "DROP"]).Status);
        (int code, _, string error) = _program.Run([_program.Script(
            """
            #!/bin/sh
            for file in $IPTABLES_ATOM_STATE/base/*.base; do rm $file; mkdir $file; done
            iptables-nft -A INPUT -s 192.0.2.21 -j DROP
            """)]);
        Assert.Contains("the new firewall is in force", error, StringComparison.Ordinal);
        Assert.Contains("could not be recorded", error, StringComparison.Ordinal);
        Assert.Equal(7, code);
        Assert.Contains("192.0.2.21", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndlessScriptEndsAtItsTimeout()
    {
        (int code, _, string error) = _program.Run(["--timeout", "1s", _program.Script("#!/bin/sh\niptables-nft -F\nwhile :; do sleep 0.2; done\n")]);
        Assert.Contains("did not end within 1 s", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
        AssertUntouched();
    }

    [Fact]
    public void ADaemonEndsWithTheScriptAndIsNamed()
    {
        (int code, _, string error) = _program.Run([_program.Script("#!/bin/sh\nsetsid sleep 1010 >/dev/null 2>&1 &\niptables-nft -A INPUT -s 192.0.2.10 -j DROP\n")]);
        Assert.Equal(0, code);
        Assert.Contains("sleep 1010", error, StringComparison.Ordinal);
        Assert.Empty(_program.LeftProcesses());
        Assert.Contains("192.0.2.10", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheScriptReadsOurInput()
    {
        (int code, _, string error) = _program.Run([_program.Script("#!/bin/sh\nwhile read -r address; do iptables-nft -A INPUT -s $address -j DROP; done\n")], "192.0.2.11\n192.0.2.12\n");
        Assert.True(code == 0, error);
        Assert.Contains("192.0.2.11", _program.Live.Dump(), StringComparison.Ordinal);
        Assert.Contains("192.0.2.12", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void AHundredMegabytesOfOutputPassThroughUnchanged()
    {
        (int code, long total, bool onlyX, string error) = _program.RunCounting([_program.Script("#!/bin/sh\nhead -c 100000000 /dev/zero | tr '\\0' x\n")], (byte)'x');
        Assert.True(code == 0, error);
        Assert.True(onlyX, "something else than the script's output is on stdout");
        Assert.Equal(100_000_000, total);
    }

    [Theory]
    [InlineData("exec \"$@\"\n")]
    [InlineData("#!/bin/dash\nexec \"$@\"\n")]
    [InlineData("#!/bin/bash\n\"$@\"\n")]
    [InlineData("#!/usr/bin/env python3\nimport subprocess, sys\nsys.exit(subprocess.call(sys.argv[1:]))\n")]
    [InlineData("#!/usr/bin/perl\nexit(system(@ARGV) >> 8);\n")]
    public void EveryKindOfScriptWorksWithItsArguments(string text)
    {
        (int code, _, string error) = _program.Run([_program.Script(text), "iptables-nft", "-A", "INPUT", "-m", "comment", "--comment", "two words", "-j", "ACCEPT"]);
        Assert.True(code == 0, error);
        Assert.Contains("--comment \"two words\"", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACommandCanBeGivenInsteadOfAScript()
    {
        (int code, _, string error) = _program.Run(["--", "iptables-nft", "-A", "INPUT", "-s", "192.0.2.13", "-j", "DROP"]);
        Assert.True(code == 0, error);
        Assert.Contains("192.0.2.13", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    public void ASignalEndsTheRunWithLiveUntouched(string signal, int status)
    {
        string mark = $"{_program.Directory}/running";
        using Process process = _program.StartRun([_program.Script($"#!/bin/sh\niptables-nft -F\n: > {mark}\nexec sleep 1011\n")]);
        SpinWait.SpinUntil(() => File.Exists(mark) || process.HasExited, TimeSpan.FromSeconds(60));
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        process.WaitForExit();
        Assert.Equal(status, process.ExitCode);
        AssertUntouched();
    }

    [Fact]
    public void SysctlsAreSetWithTheCommitAndOnlyThen()
    {
        string script = _program.Script("#!/bin/sh\nset -e\niptables-nft -A INPUT -s 192.0.2.14 -j DROP\nsysctl -qw net.ipv4.ip_forward=1\n[ $(cat /proc/sys/net/ipv4/ip_forward) = 1 ]\n");
        (int code, string output, string error) = _program.Run([script], command: "plan");
        Assert.True(code == 2, error);
        Assert.Contains("sysctl net.ipv4.ip_forward = 1", output, StringComparison.Ordinal);
        AssertUntouched();
        Assert.Equal("0\n", _program.Live.Sh("cat /proc/sys/net/ipv4/ip_forward"));
        (code, _, error) = _program.Run(["--sysctl", "report", script]);
        Assert.True(code == 0, error);
        Assert.Contains("not done on live", error, StringComparison.Ordinal);
        Assert.Equal("0\n", _program.Live.Sh("cat /proc/sys/net/ipv4/ip_forward"));
        (code, _, error) = _program.Run([script]);
        Assert.True(code == 0, error);
        Assert.Equal("1\n", _program.Live.Sh("cat /proc/sys/net/ipv4/ip_forward"));
        (code, _, error) = _program.Run([script]);
        Assert.Contains("nothing to change", error, StringComparison.Ordinal);
    }

    /// <summary>nf_conntrack refuses a write of its hash size in any namespace but the first.</summary>
    [Fact]
    public void ParametersOfModulesCanBePlannedAndStayAsTheyAre()
    {
        const string Parameter = "/sys/module/nf_conntrack/parameters/hashsize";
        string before = File.ReadAllText(Parameter);
        string script = _program.Script($"#!/bin/sh\nset -e\n[ $(cat {Parameter}) = {before.Trim()} ]\necho 77777 > {Parameter}\n[ $(cat {Parameter}) = 77777 ]\n[ -e /sys/module/nf_conntrack/parameters/acct ]\n");
        (int code, string output, string error) = _program.Run([script], command: "plan");
        Assert.True(code == 2, error);
        Assert.Contains($"sysctl {Parameter} = 77777", output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Parameter));
    }

    [Fact]
    public void SysctlsOfTheHostCanBePlannedAndStayAsTheyAre()
    {
        string before = File.ReadAllText("/proc/sys/vm/swappiness");
        (int code, string output, string error) = _program.Run([_program.Script("#!/bin/sh\nset -e\nsysctl -qw vm.swappiness=13\n[ $(sysctl -n vm.swappiness) = 13 ]\n")], command: "plan");
        Assert.True(code == 2, error);
        Assert.Contains("sysctl vm.swappiness = 13", output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText("/proc/sys/vm/swappiness"));
    }

    [Fact]
    public void TheScriptHasTheTerminal()
    {
        string script = _program.Script("#!/bin/sh\n[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty -echo && read -r address && stty echo && iptables-nft -A INPUT -s $address -j DROP\n");
        (int code, string output) = _program.RunOnTerminal(script, terminal => terminal.WriteLine("192.0.2.15"));
        Assert.True(code == 0, output);
        Assert.Contains("192.0.2.15", _program.Live.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void ATerminalIsToldHowFarTheScriptIs()
    {
        string script = _program.Script("#!/bin/sh\niptables -N web\niptables -A web -j DROP\n/usr/sbin/iptables -I web -j ACCEPT\nprintf 'words of '; sleep 2.2; echo the script\n");
        (int code, string output) = _program.RunOnTerminal(script, _ => { });
        Assert.True(code == 0, output);
        Assert.Contains("\u001b7\u001b[Kiptables-atom: 3 commands, 2 rules, 1 s\u001b8", output, StringComparison.Ordinal);
        Assert.Contains("2 rules, 2 s", output, StringComparison.Ordinal);
        Assert.Contains("\u001b[Kiptables-atom: applied", output.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("commands", _program.RunOnTerminal($"--quiet {script}", _ => { }).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("commands", _program.Run([script]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CtrlCRunsTheTrapOfTheScriptAndLiveIsUntouched()
    {
        string running = $"{_program.Directory}/running";
        string trapped = $"{_program.Directory}/trapped";
        string script = _program.Script($"#!/bin/sh\ntrap ': > {trapped}; exit 0' INT\niptables-nft -F\n: > {running}\nwhile :; do sleep 0.1; done\n");
        (int code, string output) = _program.RunOnTerminal(script, terminal =>
        {
            SpinWait.SpinUntil(() => File.Exists(running), TimeSpan.FromSeconds(60));
            terminal.Write('\x3');
            terminal.Flush();
        });
        Assert.True(code == 130, output);
        Assert.True(File.Exists(trapped), "the script's trap did not run");
        AssertUntouched();
    }

    [Fact]
    public void WithoutRootASentenceSaysSo()
    {
        using Process process = _program.Start("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "sh", "-c", $"cd / && exec \"$0\" run true", PublicCopy());
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("root", error, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }

    /// <summary>The program where somebody else than root may read it.</summary>
    private string PublicCopy()
    {
        File.SetUnixFileMode(_program.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        string copy = $"{_program.Directory}/iptables-atom";
        File.Copy(PublishedProgram.Path, copy);
        return copy;
    }

    private void AssertUntouched()
    {
        Assert.Equal(_before, _program.Live.Dump());
        Assert.Empty(_program.LeftProcesses());
        Assert.Empty(_program.LeftFiles());
    }
}
