using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>One rule of 100,000 changes: the commit holds that change only.</summary>
internal static class OneChange
{
    private const int Rules = 100_000;

    internal static void Run(string backend) => TwoFiles.Compare(
        $"one-change: 1 rule of {Figures.Of(Rules)} changes", "0.2", backend,
        [SaveFile.Write("before", Rules, "ACCEPT"), SaveFile.Write("after", Rules, "ACCEPT", changed: 81)]);
}
