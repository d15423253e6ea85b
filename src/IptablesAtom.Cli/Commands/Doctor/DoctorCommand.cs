using System.CommandLine;
using IptablesAtom.Doctor;

namespace IptablesAtom.Cli.Commands.Doctor;

/// <summary><c>doctor</c>: what works here, what does not, and what to install.</summary>
internal sealed class DoctorCommand : CommandBase
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };

    protected override void Declare(Command command) => command.Add(_json);

    protected override int Execute(ParseResult result)
    {
        DoctorReport report = DoctorReport.Collect();
        if (result.GetValue(_json))
        {
            DoctorJson.Write(report, Output.Data);
        }
        else
        {
            DoctorText.Write(report, Output.Data);
        }

        return report.CanRun ? ExitCode.Done : ExitCode.Failed;
    }
}
