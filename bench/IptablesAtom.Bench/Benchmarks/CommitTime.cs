using System.Globalization;
using System.Text.RegularExpressions;
using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>How long the commit took, from the tool's own words.</summary>
internal static partial class CommitTime
{
    /// <summary>Runs a script with --verbose, and reads its commit's time in milliseconds.</summary>
    internal static double Of(Host host, string script)
    {
        Outcome outcome = host.Atom(["--backend", host.Backend, "--verbose", script]).Succeeded("iptables-atom");
        Match match = Committed().Match(outcome.Error);
        return match.Success
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"iptables-atom told no time of its commit:\n{outcome.Error}");
    }

    [GeneratedRegex(@"committed in ([0-9.]+) ms")]
    private static partial Regex Committed();
}
