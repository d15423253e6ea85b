using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IptablesAtom.Model;
using IptablesAtom.Planning;

namespace IptablesAtom.Cli.Rendering;

/// <summary>A plan as JSON, described in docs/usage/plan-json.md. Members are added in later versions, never changed or taken away.</summary>
internal static class PlanJson
{
    /// <summary>Name and version of the form.</summary>
    internal const string Schema = "iptables-atom/plan/1";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the text goes to a program, not into a web page
    };

    internal static string Of(AtomicResult outcome, bool isReplayed)
    {
        PlanDiff diff = outcome.Diff;
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteBoolean("changes", !outcome.IsEmpty || (isReplayed && outcome.Activity.Undone.Count > 0));
            json.WriteString("seed", outcome.SeedReason);
            WriteSummary(json, diff);
            WriteList(json, "tables", diff.Tables, WriteTable);
            WriteList(json, "sets", diff.Sets, WriteSet);
            WriteList(json, "kept", diff.Kept, static (json, kept) =>
            {
                json.WriteString("program", kept.Program);
                json.WriteNumber("rules", kept.Rules);
                json.WriteNumber("chains", kept.Chains);
            });
            ActivityJson.Write(json, outcome, isReplayed);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteSummary(Utf8JsonWriter json, PlanDiff diff)
    {
        json.WriteStartObject("summary");
        json.WriteString("text", PlanSummary.Of(diff));
        json.WriteNumber("tables", diff.Tables.Count);
        json.WriteNumber("rulesToAdd", diff.RulesAdded);
        json.WriteNumber("rulesToRemove", diff.RulesRemoved);
        json.WriteNumber("rulesToMove", diff.RulesMoved);
        json.WriteNumber("sets", diff.Sets.Count);
        json.WriteNumber("entriesToAdd", diff.Sets.Sum(set => set.Added.Count));
        json.WriteNumber("entriesToRemove", diff.Sets.Sum(set => set.Removed.Count));
        json.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter json, TableDiff table)
    {
        json.WriteString("backend", table.Id.Backend == Backend.Nft ? "nft" : "legacy");
        json.WriteString("family", table.Id.Family.NftName);
        json.WriteString("table", table.Id.Name);
        json.WriteString("change", Word(table.Kind));
        json.WriteBoolean("contentDiffers", table.ContentDiffers);
        WriteList(json, "chains", table.Chains, WriteChain);
    }

    private static void WriteChain(Utf8JsonWriter json, ChainDiff chain)
    {
        json.WriteString("chain", chain.Name);
        json.WriteString("change", Word(chain.Kind));
        if (chain.IsBase)
        {
            json.WriteStartObject("policy");
            json.WriteString("old", Word(chain.OldPolicy));
            json.WriteString("new", Word(chain.NewPolicy));
            json.WriteEndObject();
        }

        WriteList(json, "rules", chain.Rules, static (json, rule) =>
        {
            json.WriteString("change", Word(rule.Kind));
            json.WriteNumber("number", rule.Number);
            json.WriteString("rule", rule.Rule.Text);
            if (rule.Kind != ChangeKind.Remove && rule.Rule.Origin is { } origin)
            {
                json.WriteStartObject("origin");
                json.WriteString("file", origin.File);
                json.WriteNumber("line", origin.Line);
                json.WriteStartArray("arguments");
                foreach (string argument in origin.Arguments)
                {
                    json.WriteStringValue(argument);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        });
    }

    private static void WriteSet(Utf8JsonWriter json, SetDiff set)
    {
        json.WriteString("set", set.Name);
        json.WriteString("type", set.TypeName);
        json.WriteString("change", Word(set.Kind));
        json.WriteBoolean("headerDiffers", set.HeaderDiffers);
        WriteStrings(json, "add", set.Added);
        WriteStrings(json, "remove", set.Removed);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Add => "add",
        ChangeKind.Remove => "remove",
        ChangeKind.Move => "move",
        _ => "keep",
    };

    private static string? Word(Policy? policy) => policy switch
    {
        Policy.Drop => "DROP",
        Policy.Accept => "ACCEPT",
        _ => null,
    };
}
