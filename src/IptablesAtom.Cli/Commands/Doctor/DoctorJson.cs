using System.Text;
using System.Text.Json;
using IptablesAtom.Doctor;

namespace IptablesAtom.Cli.Commands.Doctor;

/// <summary>The report for programs. The schema's number changes when a member changes its sense or goes.</summary>
internal static class DoctorJson
{
    private const int Schema = 1;

    internal static void Write(DoctorReport report, TextWriter output)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteBoolean("works", report.CanRun);
            json.WriteString("system", report.System);
            json.WriteString("kernel", report.Kernel);
            json.WriteString("architecture", report.Architecture);
            json.WriteStartArray("checks");
            foreach (Check check in report.Checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteString("state", Name(check.State));
                json.WriteString("finding", check.Finding);
                json.WriteString("advice", check.Advice);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("tools");
            foreach (FirewallTool tool in report.Tools)
            {
                json.WriteStartObject();
                json.WriteString("name", tool.Name);
                json.WriteString("path", tool.Path);
                json.WriteString("version", tool.Version);
                json.WriteString("backend", tool.Backend);
                json.WriteBoolean("required", tool.IsRequired);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("install", report.Install);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    private static string Name(CheckState state) => state switch
    {
        CheckState.Works => "works",
        CheckState.Limited => "limited",
        CheckState.Missing => "missing",
        _ => "fatal",
    };
}
