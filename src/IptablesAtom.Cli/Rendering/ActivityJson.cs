using System.Text.Json;
using IptablesAtom.Staging.Activity;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom.Cli.Rendering;

/// <summary>The members of a plan's JSON that are not the firewall: sysctls, and what the script did besides.</summary>
internal static class ActivityJson
{
    internal static void Write(Utf8JsonWriter json, AtomicResult outcome, bool isReplayed)
    {
        json.WriteStartArray("sysctls");
        foreach (SysctlChange change in outcome.Sysctls)
        {
            json.WriteStartObject();
            json.WriteString("name", change.Name);
            json.WriteString("value", change.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        HostActivity activity = outcome.Activity;
        json.WriteStartObject("activity");
        json.WriteBoolean("replay", isReplayed);
        json.WriteNumber("undone", activity.Undone.Count);
        json.WriteNumber("done", activity.Done.Count);
        json.WriteNumber("unexplained", activity.Unexplained.Count);
        json.WriteStartArray("calls");
        foreach (HostCall call in activity.Calls)
        {
            Write(json, call);
        }

        json.WriteEndArray();
        json.WriteStartArray("changes");
        foreach (NetworkChange change in activity.Changes)
        {
            json.WriteStartObject();
            json.WriteString("change", change.Action);
            json.WriteString("subject", change.Subject);
            json.WriteString("text", change.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("replayFailures");
        foreach (string failure in outcome.ReplayFailures)
        {
            json.WriteStringValue(failure);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HostCall call)
    {
        json.WriteStartObject();
        json.WriteString("subject", call.Subject);
        json.WriteString("fate", call.Fate switch { CallFate.Staged => "staged", CallFate.Withheld => "withheld", _ => "done" });
        json.WriteString("command", call.Command);
        json.WriteString("file", call.Record.File);
        json.WriteNumber("line", call.Record.Line);
        json.WriteStartArray("words");
        foreach (string word in call.Record.Words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
        if (call.Record.Status is { } status)
        {
            json.WriteNumber("status", status);
        }

        json.WriteEndObject();
    }
}
