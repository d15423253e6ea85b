using System.Globalization;

namespace IptablesAtom.Bench.Support;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    internal static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Milliseconds(double value) => value.ToString(value < 10 ? "N1" : "N0", CultureInfo.InvariantCulture) + " ms";

    internal static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "N2" : "N1", CultureInfo.InvariantCulture) + " s";

    internal static string Ratio(double value) => value.ToString(value < 1 ? "N2" : value < 10 ? "N1" : "N0", CultureInfo.InvariantCulture) + " x";

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
