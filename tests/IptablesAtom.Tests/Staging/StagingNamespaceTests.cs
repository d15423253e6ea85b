using System.Globalization;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Staging;

public sealed class StagingNamespaceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("atom-staging-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void PassesTheStatusOn(string body, int shellCode) => Assert.Equal(shellCode, Run(Script(body)).Status.ShellCode);

    [Fact]
    public void RulesOfTheScriptAreInStagingAndNowhereElse()
    {
        string script = Script("iptables-nft -A INPUT -s 192.0.2.99 -j DROP; iptables-legacy -A INPUT -s 192.0.2.98 -j DROP; ipset create atomtest hash:ip");
        using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand([script]), Options());
        Assert.NotEqual(NetworkNamespace.Current().Identity, staging.Network.Identity);
        Assert.Equal(0, staging.Run().Status.Code);
        Assert.Contains("192.0.2.99", Text(staging, "iptables-nft-save"), StringComparison.Ordinal);
        Assert.Contains("192.0.2.98", Text(staging, "iptables-legacy-save"), StringComparison.Ordinal);
        Assert.Contains("atomtest", Text(staging, "ipset", "save"), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.99", Spawn.Capture(null, ["iptables-nft-save"]).OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void WaitsForTheScriptUntilRun()
    {
        string mark = Path.Combine(_directory, "mark");
        using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand([Script($"iptables-nft -S INPUT > {mark}")]), Options());
        Assert.Equal(0, Spawn.Capture(staging.Network, ["iptables-nft", "-A", "INPUT", "-s", "192.0.2.1", "-j", "DROP"]).Status.Code);
        Assert.False(File.Exists(mark));
        staging.Run();
        Assert.Contains("192.0.2.1", File.ReadAllText(mark), StringComparison.Ordinal);
    }

    [Fact]
    public void HasLockLoopbackAndSysOfItsOwn()
    {
        string output = Path.Combine(_directory, "out");
        string body = $"{{ ls /sys/class/net; cat /sys/class/net/lo/operstate; ls /sys/fs/cgroup | wc -l; stat -c %d:%i /run/xtables.lock; cat /proc/net/dev | wc -l; }} > {output}";
        Assert.Equal(0, Run(Script(body)).Status.Code);
        string[] lines = File.ReadAllLines(output);
        Assert.Equal("lo", lines[0]);
        Assert.Equal(Directory.GetFileSystemEntries("/sys/fs/cgroup").Length.ToString(CultureInfo.InvariantCulture), lines[2]);
        Assert.NotEqual(Spawn.Capture(null, ["stat", "-c", "%d:%i", "/run/xtables.lock"]).OutputText.Trim(), lines[3]);
        Assert.Equal("3", lines[4]);
    }

    [Fact]
    public void LegacyScriptRunsWhileTheLockOfLiveIsHeld()
    {
        using FileStream held = new("/run/xtables.lock", FileMode.OpenOrCreate);
        Assert.Equal(0, LibC.flock((int)held.SafeFileHandle.DangerousGetHandle(), LibC.LOCK_EX | LibC.LOCK_NB));
        Assert.Equal(0, Run(Script("iptables-legacy -A INPUT -s 192.0.2.3 -j DROP"), TimeSpan.FromSeconds(20)).Status.Code);
    }

    [Fact]
    public void EndsAtItsTimeout()
    {
        ScriptResult result = Run(Script("while :; do sleep 1; done"), TimeSpan.FromMilliseconds(300));
        Assert.True(result.TimedOut);
        Assert.Equal(LibC.SIGTERM, result.Status.Signal);
    }

    [Fact]
    public void IsKilledWhenItIgnoresItsTimeout()
    {
        ScriptResult result = Run(Script("trap '' TERM; while :; do sleep 0.1; done"), TimeSpan.FromMilliseconds(100));
        Assert.True(result.TimedOut);
        Assert.Equal(LibC.SIGKILL, result.Status.Signal);
    }

    [Fact]
    public void EndsAndNamesDaemons()
    {
        string pids = Path.Combine(_directory, "pids");
        ScriptResult result = Run(Script(
            $"""
            sleep 1001 & echo $! > {pids}
            setsid sh -c 'echo $$ >> {pids}; exec sleep 1002' &
            setsid setsid sh -c '(sleep 1003 & echo $! >> {pids}) &' < /dev/null > /dev/null 2>&1
            while [ $(wc -l < {pids}) -lt 3 ]; do sleep 0.05; done
            """));
        Assert.Equal(0, result.Status.Code);
        Assert.False(result.TimedOut);
        foreach (string expected in (string[])["sleep 1001", "sleep 1002", "sleep 1003"])
        {
            Assert.Contains(result.LeftOvers, text => text.EndsWith(expected, StringComparison.Ordinal));
        }

        Assert.All(File.ReadAllLines(pids), pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }

    [Fact]
    public void ScriptCanSignalItsOwnDaemonsAndFindThem()
    {
        Assert.Equal(0, Run(Script(
            """
            sleep 1004 &
            pid=$!
            [ -d /proc/$pid ] && kill -0 $pid && kill $pid && wait $pid
            [ $? = 143 ]
            """)).Status.Code);
    }

    [Fact]
    public void EnvironmentAndArgumentsArriveUnchanged()
    {
        string output = Path.Combine(_directory, "out");
        string script = Script($"env > {output}; printf '<%s>' \"$@\" >> {output}");
        Run([script, "a b", "", "ü*"], null);
        string text = File.ReadAllText(output);
        Assert.EndsWith("<a b><><ü*>", text, StringComparison.Ordinal);
        string[] own = Spawn.Capture(null, ["env"]).OutputText.TrimEnd().Split('\n');
        string[] seen = text[..text.LastIndexOf('\n')].Split('\n');
        // Added by every shell itself.
        Assert.Equal(own.Order().Where(NotOfTheShell), seen.Order().Where(NotOfTheShell));

        static bool NotOfTheShell(string line) => !line.StartsWith("_=", StringComparison.Ordinal)
            && !line.StartsWith("PWD=", StringComparison.Ordinal) && !line.StartsWith("OLDPWD=", StringComparison.Ordinal) && !line.StartsWith("SHLVL=", StringComparison.Ordinal);
    }

    [Fact]
    public void DisposeWithoutRunLeavesNothing()
    {
        int pid;
        using (StagingNamespace staging = StagingNamespace.Start(new ScriptCommand(["true"]), Options()))
        {
            pid = staging.LauncherPid;
            Assert.True(Directory.Exists($"/proc/{pid}"));
        }

        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 5\n")]
    [InlineData("#!/bin/bash\nexit 5\n")]
    [InlineData("exit 5\n")]
    [InlineData("#!/usr/bin/env python3\nimport sys; sys.exit(5)\n")]
    [InlineData("#!/usr/bin/perl\nexit 5;\n")]
    [InlineData("#! /bin/sh -e\nfalse || exit 5\n")]
    public void RunsEveryKindOfScript(string text) => Assert.Equal(5, Run(Write("script", text)).Status.Code);

    [Fact]
    public void RunsAProgramFromPath() => Assert.Equal(1, Run(["false"], null).Status.Code);

    private static ScriptResult Run(string script, TimeSpan? timeout = null) => Run([script], timeout);

    private static ScriptResult Run(string[] words, TimeSpan? timeout)
    {
        using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand(words), Options() with { Timeout = timeout });
        Assert.Empty(staging.Warnings);
        return staging.Run();
    }

    private static StagingOptions Options() => new() { LauncherPath = LauncherEntry.Path };

    private static string Text(StagingNamespace staging, params string[] argv) => Spawn.Capture(staging.Network, argv).OutputText;

    private string Script(string body) => Write("script.sh", "#!/bin/sh\n" + body + "\n");

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
