using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>The kernel refused a batch of nf_tables changes. Nothing of it was applied.</summary>
public sealed class BatchException : AtomException
{
    private const int Shown = 10;

    internal BatchException(IReadOnlyList<BatchFailure> failures)
        : base(Describe(failures)) => Failures = failures;

    /// <summary>All messages that were refused, in the order of the batch.</summary>
    public IReadOnlyList<BatchFailure> Failures { get; }

    private static string Describe(IReadOnlyList<BatchFailure> failures)
    {
        string list = string.Join("\n  ", failures.Take(Shown));
        string rest = failures.Count > Shown ? $"\n  and {failures.Count - Shown} more" : "";
        return $"nf_tables refused the change, nothing of it was applied:\n  {list}{rest}";
    }
}
