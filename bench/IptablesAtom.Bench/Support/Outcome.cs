namespace IptablesAtom.Bench.Support;

/// <summary>What a command did.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Time">From start to end.</param>
internal sealed record Outcome(int Status, string Output, string Error, TimeSpan Time)
{
    /// <summary>The same, if it succeeded.</summary>
    internal Outcome Succeeded(string what) => Status == 0
        ? this
        : throw new InvalidOperationException($"{what} ended with status {Status}\n{Output}{Error}".TrimEnd());
}
