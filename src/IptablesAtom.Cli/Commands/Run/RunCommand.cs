using System.CommandLine;
using IptablesAtom.Cli.Rendering;
using IptablesAtom.Staging;

namespace IptablesAtom.Cli.Commands.Run;

/// <summary><c>run SCRIPT</c>, and the program's name alone: stage, plan, commit, verify, record.</summary>
internal sealed class RunCommand : CommandBase
{
    private readonly ScriptOptions _options = new();

    protected override void Declare(Command command) => _options.AddTo(command);

    protected override int Execute(ParseResult result)
    {
        using Interruption interruption = new();
        AtomicResult outcome = new AtomicRun(_options.Read(result, describe: false), _options.Log(result), interruption).Run();
        if (_options.IsJson(result) || _options.IsVerbose(result))
        {
            _options.Print(result, outcome);
        }

        if (!_options.IsQuiet(result))
        {
            string sysctls = outcome.Sysctls.Count == 0 ? "" : $", {outcome.Sysctls.Count} sysctl(s)";
            Output.Message(outcome.IsEmpty
                ? "nothing to change: live is already as the script makes it"
                : $"applied and verified: {PlanSummary.Of(outcome.Diff, isDone: true)}{sysctls}");
        }

        return ExitCode.Done;
    }
}
