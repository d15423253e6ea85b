using System.Text.Json;

namespace IptablesAtom.Bench.Benchmarks;

/// <summary>How long the commit took, from the tool's own report.</summary>
internal static class CommitTime
{
    /// <summary>Reads the report that <c>--json</c> prints: milliseconds; empty if it holds no time.</summary>
    internal static IEnumerable<double> Parse(string output)
    {
        int start = output.IndexOf('{', StringComparison.Ordinal);
        if (start < 0)
        {
            yield break;
        }

        using JsonDocument document = JsonDocument.Parse(output[start..]);
        if (document.RootElement.TryGetProperty("commitMilliseconds", out JsonElement value))
        {
            yield return value.GetDouble();
        }
    }
}
