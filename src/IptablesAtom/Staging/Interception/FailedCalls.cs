namespace IptablesAtom.Staging.Interception;

/// <summary>Chooses the failed calls that matter.</summary>
/// <remarks>
/// Scripts use failing commands as tests: a deletion until nothing is left, a check, a new chain that may be there already. Those are no
/// errors. A script handles a failure when it looks at the status, or throws the message away.
/// </remarks>
internal static class FailedCalls
{
    /// <summary>So many of them are told.</summary>
    internal const int MostDescribed = 5;

    /// <summary>The calls that end the run, in order.</summary>
    internal static IReadOnlyList<CallRecord> Of(IEnumerable<CallRecord> calls, OnError mode) => mode switch
    {
        OnError.Ignore => [],
        OnError.Strict => [.. calls.Where(call => call.Status > 0)],
        _ => [.. calls.Where(call => call.Status > 0 && call.IsHandled != true && !call.IsMessageDiscarded && ShouldHaveAdded(call))],
    };

    /// <summary>The call at which a script ended (<c>set -e</c>), if it looked for something, or took something away, that was not there; else null.</summary>
    internal static CallRecord? LastThatMissed(IReadOnlyList<CallRecord> calls) =>
        calls.Count > 0 && calls[^1] is { Status: > 0 } last && Misses(last) ? last : null;

    private static bool Misses(CallRecord call) => call.Tool switch
    {
        "ipset" => call.Words.Any(word => word is "del" or "-D" or "--del" or "destroy" or "-X" or "--destroy" or "flush" or "-F" or "--flush"
            or "test" or "-T" or "--test" or "list" or "-L" or "--list" or "swap" or "-W" or "--swap" or "rename" or "-E" or "--rename"),
        "nft" => call.Words.Any(word => word is "delete" or "flush" or "list" or "reset"),
        _ => CallOutline.Of(call.Words) is { Command: 'D' or 'F' or 'X' or 'E' or 'C' or 'L' or 'S' or 'Z' or 'R' },
    };

    private static bool ShouldHaveAdded(CallRecord call)
    {
        string tool = call.Tool;
        if (tool == "ipset")
        {
            return call.Words.Any(word => word is "create" or "-N" or "--create" or "add" or "-A" or "--add" or "restore" or "-R" or "--restore");
        }

        if (tool == "nft")
        {
            return call.Words.Any(word => word is "add" or "create" or "insert" or "replace" or "-f" or "--file");
        }

        if (tool.EndsWith("-restore", StringComparison.Ordinal))
        {
            return true;
        }

        return CallOutline.Of(call.Words) is { Command: 'A' or 'I' or 'R' or 'P' }
            || (CallOutline.Of(call.Words) is { Command: 'N' } && call.Status != ChainExists);
    }

    /// <summary>What -N gives for a chain that is there, on both back-ends.</summary>
    private const int ChainExists = 1;
}
