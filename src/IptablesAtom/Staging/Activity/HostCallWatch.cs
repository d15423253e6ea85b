using System.Globalization;
using System.Text;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging.Activity;

/// <summary>Takes down what the script does besides the firewall, while it does it.</summary>
/// <param name="place">Where it runs.</param>
/// <remarks>Threading: calls come from the threads of the interception and of the script's signals.</remarks>
internal sealed class HostCallWatch(StagingPlace? place)
{
    private readonly Lock _adding = new();
    private readonly List<HostCall> _calls = [];
    private readonly (string? Output, string? Error) _own = (CallerFiles.Target(Environment.ProcessId, 1), CallerFiles.Target(Environment.ProcessId, 2));

    /// <summary>What is to be listed, in order. A file that the script has removed again is not.</summary>
    internal IReadOnlyList<HostCall> Calls
    {
        get
        {
            lock (_adding)
            {
                return [.. _calls.Where(call => call.OutputFile is null || File.Exists(call.OutputFile))];
            }
        }
    }

    /// <summary>A call that came through the shim; null if it is of none of these programs.</summary>
    internal HostReply? Meet(IReadOnlyList<string> words, int pid, int user)
    {
        words = words.Count > 0 ? words : Words(pid);
        if (words.Count == 0 || IsFirewallTool(words[0]))
        {
            return null;
        }

        string program = CallerFiles.Target(pid, "exe") ?? "";
        if (HostTools.Of(words, program) is not { } kind)
        {
            return null;
        }

        if (kind.Fate == CallFate.Passed)
        {
            return new HostReply(true, null);
        }

        HostCall call = Add(new HostCall(new CallRecord(words, "", 0) { IsMessageDiscarded = CallerFiles.DiscardsMessages(pid) }, kind.Subject, kind.Fate)
        {
            Program = program,
            Directory = CallerFiles.Target(pid, "cwd") ?? "/",
            Environment = ProcessEnvironment.Split(Bytes(pid, "environ")),
            User = user,
        });
        if (kind.Fate != CallFate.Withheld)
        {
            return new HostReply(true, call);
        }

        (byte status, string text) = call.Record.Tool == "modprobe" ? TryModules(words) : ((byte)0, "");
        call.Record.Status = status;
        return new HostReply(false, call, status, text);
    }

    /// <summary>A firewall tool that writes what it lists into a file: that file has the rules of staging.</summary>
    internal void MeetSave(CallRecord record, int pid)
    {
        string tool = record.Tool; // every firewall call comes here, and a record's words are decoded each time
        bool saves = tool.EndsWith("-save", StringComparison.Ordinal)
            || (tool == "ipset" && record.Words.Any(word => word is "save" or "-S" or "--save"))
            || (tool == "nft" && record.Words.Contains("list"));
        if (saves && CallerFiles.OutputFile(pid) is { } file && file != _own.Output && file != _own.Error)
        {
            Add(new HostCall(record, "file", CallFate.Done) { OutputFile = file });
        }
    }

    /// <summary>True without a look at the process, which every one of thousands of calls would wait for: start scripts have no such path.</summary>
    private static bool IsFirewallTool(string argument0) =>
        (!argument0.Contains('/', StringComparison.Ordinal) || argument0.StartsWith("/sbin/", StringComparison.Ordinal)
            || argument0.StartsWith("/usr/sbin/", StringComparison.Ordinal))
        && Tool.Of(argument0, null).Name is "ipset" or "iptables" or "ip6tables";

    internal HostCall Add(HostCall call)
    {
        lock (_adding)
        {
            _calls.Add(call);
        }

        return call;
    }

    /// <summary>Whether the modules are there, by the program's own dry run: its status and words without the loading.</summary>
    private (byte Status, string Text) TryModules(IReadOnlyList<string> words)
    {
        try
        {
            CapturedRun run = place!.Capture([$"{InterceptionPaths.Programs}/modprobe", "-n", .. words.Skip(1)]);
            return ((byte)run.Status.ShellCode, Encoding.Latin1.GetString(run.Error));
        }
        catch (AtomException)
        {
            return (0, "");
        }
    }

    /// <summary>The words, where they were too many for one packet.</summary>
    private static string[] Words(int pid) => [.. ProcessEnvironment.Split(Bytes(pid, "cmdline")).Select(Encoding.Latin1.GetString)];

    internal static byte[] Bytes(int pid, string file)
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // it ended meanwhile
        }
    }
}
