using System.Globalization;
using IptablesAtom.Sources;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging.Activity;

/// <summary>A call of the script that is no firewall command: what is needed to list it, and to repeat it on live.</summary>
public sealed class HostCall
{
    internal HostCall(CallRecord record, string subject, CallFate fate) => (Record, Subject, Fate) = (record, subject, fate);

    /// <summary>What it is about, in a word: route, rule, address, link, neighbour, network, tc, conntrack, module, service, process, file...</summary>
    public string Subject { get; }

    /// <summary>What became of it.</summary>
    public CallFate Fate { get; }

    /// <summary>Words, place in the script, exit status in staging.</summary>
    public CallRecord Record { get; }

    /// <summary>The file that its output went to; null if that is of no account.</summary>
    public string? OutputFile { get; internal init; }

    /// <summary>The program's file.</summary>
    internal string Program { get; init; } = "";

    /// <summary>Its working directory.</summary>
    internal string Directory { get; init; } = "/";

    /// <summary>Its environment, as it was: variables by their bytes.</summary>
    internal IReadOnlyList<byte[]> Environment { get; init; } = [];

    /// <summary>The user that made it.</summary>
    internal int User { get; init; }

    /// <summary>For a signal: its number, and the processes it was for.</summary>
    internal SentSignal? Signal { get; init; }

    /// <summary>True if it was not done on live, so that <c>--replay</c> repeats it.</summary>
    public bool IsUndone => Fate is CallFate.Staged or CallFate.Withheld;

    /// <summary>True if the script allows for its failure: it failed in staging too, or its status is looked at, or its messages are thrown away.</summary>
    internal bool MayFail => Record.Status > 0 || Record.IsTested || Record.IsMessageDiscarded;

    /// <summary>True if its words name its standard input, which is not kept.</summary>
    internal bool ReadsInput =>
        Record.Words.Skip(1).Any(word => word is "-" or "/dev/stdin" || word.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || word.StartsWith("/proc/self/fd/", StringComparison.Ordinal));

    /// <summary>The command as a shell reads it.</summary>
    public string Command => Signal?.ToString() ?? ShellWords.Join(Record.Words) + (OutputFile is null ? "" : $" > {ShellWords.Quote(OutputFile)}");

    /// <summary>Place and command.</summary>
    public override string ToString() => Record.Line > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Record.File}:{Record.Line}: {Command}")
        : Record.File.Length > 0 ? $"{Record.File}: {Command}" : Command;
}
