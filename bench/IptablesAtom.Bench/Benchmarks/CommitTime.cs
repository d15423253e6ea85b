using System.Globalization;
using System.Text.RegularExpressions;
using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>How long the commit took, from the tool's own words.</summary>
internal static partial class CommitTime
{
    /// <summary>Runs a script with --verbose, and reads the times in milliseconds of its commit, and of all from the end of the script on.</summary>
    internal static (double Commit, double All) Of(Host host, string script)
    {
        Outcome outcome = host.Atom(["--backend", host.Backend, "--verbose", script]).Succeeded("iptables-atom");
        Match commit = Committed().Match(outcome.Error);
        Match all = FromScript().Match(outcome.Error);
        return commit.Success && all.Success
            ? (double.Parse(commit.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(all.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"iptables-atom told no time of its commit:\n{outcome.Error}");
    }

    [GeneratedRegex(@"committed in ([0-9.]+) ms")]
    private static partial Regex Committed();

    [GeneratedRegex(@"([0-9.]+) ms from the end of the script")]
    private static partial Regex FromScript();
}
