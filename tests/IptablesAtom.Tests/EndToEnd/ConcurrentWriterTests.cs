using System.Globalization;
using IptablesAtom.Load;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>
/// Run after run while another program changes the same chains and sets: nothing of its changes is lost, and after each run all of the
/// script's rules and entries are there, or (exit 4) all of those before. ATOM_TEST_RUNS sets the number of runs.
/// </summary>
public sealed class ConcurrentWriterTests
{
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("ATOM_TEST_RUNS") ?? "25", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void LosesNothingAndIsNeverHalf(string backend)
    {
        CoupledFirewall firewall = new(filler: 20);
        using Cli.PublishedProgram program = new();
        TestNamespace live = program.Live;
        string[] scripts = [program.Script(firewall.Script(isB: false), "a"), program.Script(firewall.Script(isB: true), "b")];
        string[] expected = [Reference(firewall.Baseline(isB: false, backend)), Reference(firewall.Baseline(isB: true, backend))];
        int now = 0;
        Assert.Equal(0, program.Run(["--backend", backend, scripts[now]]).Status);
        int busy = 0;
        using ForeignWriter writer = ForeignWriter.Start(live.NsPath, backend, program.LockFile);
        for (int run = 1; run <= Runs; run++)
        {
            (int status, _, string error) = program.Run(["--backend", backend, scripts[run % 2]]);
            Assert.True(status is 0 or 4, $"run {run} ended with {status}: {error}");
            now = status == 0 ? run % 2 : now;
            busy += status == 4 ? 1 : 0;
            string ours = Ours(live);
            Assert.True(expected[now] == ours, $"run {run} ended with {status}, and live is\n{ours}\ninstead of\n{expected[now]}\n{error}");
        }

        Assert.Empty(writer.Stop());
        Assert.Equal(expected[now], Ours(live));
        Assert.True(busy <= Runs / 20, $"{busy} of {Runs} runs gave up");
        Assert.True(writer.Changes > Runs, $"only {writer.Changes} changes by the other program");
    }

    private static string Reference(string script)
    {
        using TestNamespace direct = new();
        direct.Sh(script);
        return Ours(direct);
    }

    private static string Ours(TestNamespace target) =>
        string.Join('\n', target.Dump().Split('\n').Where(line => !ForeignWriter.IsOwn(line)));
}
