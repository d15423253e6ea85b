using System.Text.Encodings.Web;
using System.Text.Json;

namespace IptablesAtom.Bundles;

/// <summary>What a bundle says of itself: <c>manifest.json</c>. No time, path, user or machine's name is in it: the same input gives the same bytes.</summary>
internal sealed class BundleManifest
{
    /// <summary>Name and version of the form.</summary>
    internal const string Schema = "iptables-atom/bundle/1";

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The version of this program.</summary>
    internal required string Tool { get; init; }

    /// <summary>The kernel's release that took the rules.</summary>
    internal required string Kernel { get; init; }

    /// <summary>x86-64 or arm64.</summary>
    internal required string Architecture { get; init; }

    /// <summary>The script's file name and arguments.</summary>
    internal required IReadOnlyList<string> Script { get; init; }

    /// <summary>SHA-256 of the script, in hexadecimal digits; null for a program that may not be read.</summary>
    internal required string? Digest { get; init; }

    /// <summary>The interfaces that the mirror showed the script.</summary>
    internal required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>nft, legacy: where the staged tables are.</summary>
    internal required IReadOnlyList<string> Backends { get; init; }

    /// <summary>The files beside this one.</summary>
    internal required IReadOnlyList<BundleFile> Files { get; init; }

    /// <summary>The JSON text, with a line end.</summary>
    internal byte[] Encode()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("tool", Tool);
            json.WriteString("kernel", Kernel);
            json.WriteString("architecture", Architecture);
            WriteList(json, "backends", Backends);
            WriteList(json, "script", Script);
            json.WriteString("script-sha256", Digest);
            WriteList(json, "interfaces", Interfaces);
            json.WriteStartArray("files");
            foreach (BundleFile file in Files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteString("written-by", file.Tool);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
