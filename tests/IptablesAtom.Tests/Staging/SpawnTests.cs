using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Staging;

public sealed class SpawnTests
{
    [Fact]
    public void GivesStatusAndBothStreamsAsBytes()
    {
        CapturedRun run = Spawn.Capture(null, ["sh", "-c", "printf '\\377\\000x'; echo no >&2; exit 7"]);
        Assert.Equal(7, run.Status.Code);
        Assert.Null(run.Status.Signal);
        Assert.Equal([0xff, 0, (byte)'x'], run.Output);
        Assert.Equal("no\n", run.ErrorText);
    }

    [Fact]
    public void TellsASignal()
    {
        CapturedRun run = Spawn.Capture(null, ["sh", "-c", "kill -TERM $$"]);
        Assert.Null(run.Status.Code);
        Assert.Equal(15, run.Status.Signal);
        Assert.Equal(143, run.Status.ShellCode);
        Assert.Equal("signal 15 (SIGTERM)", run.Status.ToString());
    }

    [Fact]
    public void PassesALargeInputThroughWithoutDeadlock()
    {
        byte[] input = new byte[5_000_000];
        new Random(1).NextBytes(input);
        CapturedRun run = Spawn.Capture(null, ["sh", "-c", "tee /dev/stderr"], input);
        Assert.True(run.Status.IsSuccess);
        Assert.Equal(input, run.Output);
        Assert.Equal(input, run.Error);
    }

    [Fact]
    public void RunsInsideANamespace()
    {
        using TestNamespace space = new();
        space.Sh("iptables-nft -A INPUT -p tcp --dport 2222 -j ACCEPT");
        Assert.Contains("--dport 2222", Spawn.Capture(space.Namespace, ["iptables-nft-save"]).OutputText, StringComparison.Ordinal);
        Assert.Equal(0, Spawn.Capture(space.Namespace, ["iptables-nft-restore", "--noflush"], "*filter\n-A INPUT -s 192.0.2.7 -j DROP\nCOMMIT\n"u8).Status.Code);
        Assert.Contains("192.0.2.7", space.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public void SetsVariablesAndKeepsTheOthers()
    {
        CapturedRun run = Spawn.Capture(null, ["env"], environment: new Dictionary<string, string> { ["ATOM_TEST"] = "a=b c", ["HOME"] = "/nowhere" });
        string[] lines = run.OutputText.Split('\n');
        Assert.Contains("ATOM_TEST=a=b c", lines);
        Assert.Contains("HOME=/nowhere", lines);
        Assert.Single(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Contains($"PATH={Environment.GetEnvironmentVariable("PATH")}", lines);
    }

    [Fact]
    public void HandsOverNoDescriptorAndNoIgnoredSignal()
    {
        using FileStream open = File.OpenRead("/etc/passwd");
        // The second by exec: a shell blocks every signal of its own while it starts a program, and may not have come back from that when the program reads.
        CapturedRun run = Spawn.Capture(null, ["/bin/sh", "-c", "readlink /proc/$$/fd/* | grep -c passwd; exec grep -E 'SigIgn|SigBlk' /proc/self/status"]);
        Assert.Equal("0\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", run.OutputText);
    }

    [Fact]
    public void NamesAMissingProgram()
    {
        ProgramMissingException failure = Assert.Throws<ProgramMissingException>(() => Spawn.Capture(null, ["no-such-program-of-ours"]));
        Assert.Equal("no-such-program-of-ours", failure.Program);
    }

    [Fact]
    public void NamesAFileThatIsNoProgram()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Encoding.ASCII.GetBytes("neither"));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            SpawnException failure = Assert.Throws<SpawnException>(() => Spawn.Capture(null, [file]));
            Assert.Equal(Errno.ENOEXEC, failure.Errno);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
