using IptablesAtom.Doctor;

namespace IptablesAtom.Cli.Commands.Doctor;

/// <summary>The report for people.</summary>
internal static class DoctorText
{
    internal static void Write(DoctorReport report, TextWriter output)
    {
        output.WriteLine($"{report.System}, Linux {report.Kernel}, {report.Architecture}");
        output.WriteLine();
        foreach (Check check in report.Checks)
        {
            output.WriteLine($"  {Mark(check.State)}  {check.Name,-16} {check.Finding}");
            if (check.Advice is not null)
            {
                output.WriteLine($"        {"",-16} -> {check.Advice}");
            }
        }

        output.WriteLine();
        foreach (FirewallTool tool in report.Tools)
        {
            output.WriteLine(tool.Path is null
                ? $"  {(tool.IsRequired ? "NO  " : "--  ")}  {tool.Name,-16} not installed: needed for {tool.Purpose}"
                : $"  ok    {tool.Name,-16} {tool.Version ?? "?",-8} {tool.Path}{(tool.Backend is null ? "" : $" ({tool.Backend})")}");
        }

        output.WriteLine();
        if (report.Install is not null)
        {
            output.WriteLine($"To install what is missing: {report.Install}");
        }

        output.WriteLine(report.CanRun ? "iptables-atom works here." : "iptables-atom does not work here: see the lines marked NO.");
    }

    private static string Mark(CheckState state) => state switch
    {
        CheckState.Works => "ok  ",
        CheckState.Limited => "(ok)",
        CheckState.Missing => "--  ",
        _ => "NO  ",
    };
}
