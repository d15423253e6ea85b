using IptablesAtom.Bench.Support;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>All of 50,000 rules change: the commit is not slower than a restore.</summary>
internal static class Replace
{
    private const int Rules = 50_000;

    internal static void Run(string backend) => TwoFiles.Compare(
        $"replace: all of {Figures.Of(Rules)} rules change", "1.0", backend,
        [SaveFile.Write("accept", Rules, "ACCEPT"), SaveFile.Write("drop", Rules, "DROP")]);
}
