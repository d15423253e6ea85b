namespace IptablesAtom.Staging.Interception;

/// <summary>Calls that list, check or save, and change nothing however they end.</summary>
internal static class ReadingCall
{
    /// <summary>True if a call surely is one.</summary>
    internal static bool Is(CallRecord call)
    {
        IReadOnlyList<string> words = call.Words;
        return call.Tool switch
        {
            "ipset" => words.Skip(1).SkipWhile(IsFlagOfIpset).FirstOrDefault() is { } command && IsOfIpset(command),
            "nft" => words.Skip(1).FirstOrDefault(word => !word.StartsWith('-'))?.Split(' ')[0] == "list" && !words.Any(word => word is "-f" or "--file"),
            string tool when tool.EndsWith("-save", StringComparison.Ordinal) => true,
            _ => CallOutline.Of(words) is { } outline ? outline.Command is 'C' or 'L' or 'S' : words.Any(IsListing),
        };
    }

    /// <summary>True for a command of ipset that changes nothing.</summary>
    internal static bool IsOfIpset(string command) => command is "list" or "-L" or "--list" or "save" or "-S" or "--save" or "test" or "-T" or "--test" or "version" or "help";

    private static bool IsFlagOfIpset(string word) => word is "-q" or "-n" or "-t" or "-s" or "-o" or "plain" or "xml" or "json";

    /// <summary>-nvL and the like, which <see cref="CallParser"/> leaves to the tool.</summary>
    private static bool IsListing(string word) =>
        word.StartsWith('-') && word.AsSpan(1).ContainsAny('L', 'S') && word.AsSpan(1).IndexOfAnyExcept("LSnvx") < 0;
}
