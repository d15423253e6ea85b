using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Asks staging about failed calls when the script has ended: is there what it wanted anyway, and what does the tool say?</summary>
/// <param name="staging">The script has ended, and its mounts stand: the real tools are asked, which nobody stands before.</param>
internal sealed class FailedCallInquiry(StagingNamespace staging)
{
    /// <summary>An answer that takes longer, in seconds, waits for names or for input. It goes without.</summary>
    private const int Patience = 1;

    /// <summary>
    /// True for an ipset call without -exist that failed because the set or the entry was there: lists with an entry twice are common, and nothing is
    /// missing. It is the like of <c>iptables -N</c> for a chain that is there; ipset has one exit status for all errors, so it is asked.
    /// </summary>
    internal bool IsThereAnyway(CallRecord call)
    {
        string[] words = [.. call.Words.Skip(1)];
        int command = call.Tool == "ipset" ? Array.FindIndex(words, word => IsCreate(word) || IsAdd(word)) : -1;
        if (command < 0 || command + 2 >= words.Length)
        {
            return false;
        }

        string set = words[command + 1];
        return IsAdd(words[command])
            ? Ask("ipset", "test", set, words[command + 2]) is { Status.IsSuccess: true }
            : Ask("ipset", "list", "-t", set) is { Status.IsSuccess: true } && Ask(["ipset", "-exist", .. words]) is { Status.IsSuccess: true };
    }

    /// <summary>
    /// What the tool says of the call now; null if it says nothing, or if the call works by now or reads input. Its own message stood among the script's
    /// and may have gone elsewhere. The call runs again: only for a staging that is thrown away.
    /// </summary>
    internal string? Message(CallRecord call)
    {
        bool readsInput = call.Tool.EndsWith("-restore", StringComparison.Ordinal) || call.Tool switch
        {
            "nft" => call.Words.Any(word => word is "-f" or "--file" or "-i"),
            "ipset" => call.Words.Any(word => word is "restore" or "-R" or "--restore" or "-"),
            _ => false,
        };
        if (readsInput)
        {
            return null;
        }

        if (Ask([call.Tool, .. call.Words.Skip(1)]) is not { Status.IsSuccess: false } run)
        {
            return null;
        }

        string[] lines = Encoding.UTF8.GetString(run.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? line = call.Tool == "nft"
            ? lines.FirstOrDefault() // below it stands the line of input, with marks
            : lines.LastOrDefault(line => !line.StartsWith("Try ", StringComparison.Ordinal));
        bool isNamed = line?.StartsWith($"{call.Tool} v", StringComparison.Ordinal) == true || line?.StartsWith("Error: ", StringComparison.Ordinal) == true;
        return isNamed ? line!.Split(": ", 2)[^1].Trim() : line;
    }

    private static bool IsCreate(string word) => word is "create" or "-N" or "--create";

    private static bool IsAdd(string word) => word is "add" or "-A" or "--add";

    /// <summary>Runs a tool in staging; null if it is not there or did not end.</summary>
    private CapturedRun? Ask(params string[] words)
    {
        string[] command = ["timeout", Patience.ToString(CultureInfo.InvariantCulture), $"{InterceptionPaths.Programs}/{words[0]}", .. words[1..]];
        try
        {
            return staging.RunInside(() => Spawn.Capture(null, command)) is { Status.Code: not 124 } run ? run : null; // timeout(1) ended it
        }
        catch (ProgramMissingException)
        {
            return null;
        }
    }
}
