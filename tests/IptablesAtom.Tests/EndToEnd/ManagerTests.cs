using System.Diagnostics;
using System.Text.RegularExpressions;
using IptablesAtom.Tests.Architecture;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.EndToEnd;

/// <summary>Firewall managers, the real ones: run through iptables-atom each ends with the rules, sets, sysctls and files of a direct run.</summary>
/// <remarks>
/// Managers look at what the kernel can do with rules and chains of their own, call the tools by absolute path, restore with and without
/// emptying, save what they made, set sysctls and keep their own state in files. They are not installed: see managers/run.
/// </remarks>
public sealed partial class ManagerTests(ManagerTests.Packages packages) : IClassFixture<ManagerTests.Packages>
{
    private static readonly string Directory = Path.Combine(SourceFile.Root, "tests/IptablesAtom.Tests/EndToEnd/managers");

    [Theory]
    [InlineData("ufw")]
    [InlineData("ufw-init")]
    [InlineData("ferm")]
    [InlineData("firehol")]
    [InlineData("shorewall")]
    [InlineData("shorewall6")]
    [InlineData("arno-iptables-firewall")]
    [InlineData("netfilter-persistent")]
    public async Task EndsAsADirectRun(string manager)
    {
        Task<(string State, string Log)> directly = Task.Run(() => Run("run", packages.Tree, manager));
        (string atom, string log) = Run("run", packages.Tree, manager, PublishedProgram.Path, "--");
        (string direct, string directLog) = await directly;

        // The direct run is a good one: it ended well three times, it has rules, and the changed configuration changed them.
        string[] steps = direct.Split("##### ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, steps.Length);
        Assert.All(steps, step => Assert.True(step.Contains("\nstatus 0\n", StringComparison.Ordinal), $"{manager} by itself fails:\n{directLog}"));
        Assert.All(steps, step => Assert.Contains("\n-A ", step, StringComparison.Ordinal));
        Assert.NotEqual(RuleLines().Matches(steps[1]).Select(rule => rule.Value), RuleLines().Matches(steps[2]).Select(rule => rule.Value));
        Assert.True(direct == atom, $"{Difference(direct, atom)}\n{log}");
    }

    private static string Difference(string direct, string atom)
    {
        string[] one = direct.Split('\n'), other = atom.Split('\n');
        return $"directly only:\n{string.Join('\n', one.Except(other))}\nthrough iptables-atom only:\n{string.Join('\n', other.Except(one))}";
    }

    private static (string Output, string Error) Run(string script, params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(Directory, script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
        return (output, error.Result);
    }

    [GeneratedRegex("^-A .*$", RegexOptions.Multiline)]
    private static partial Regex RuleLines();

    /// <summary>The managers' packages, fetched and unpacked once.</summary>
    public sealed class Packages
    {
        public Packages() => Run("fetch", Tree);

        /// <summary>Where they are unpacked.</summary>
        internal string Tree { get; } = Path.Combine(SourceFile.Root, "artifacts/managers");
    }
}
