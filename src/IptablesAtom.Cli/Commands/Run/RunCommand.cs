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
            string replayed = _options.IsReplay(result) && outcome.Activity.Undone.Count > 0 ? $"; {outcome.Activity.Undone.Count} other call(s) replayed" : "";
            string sysctls = outcome.Sysctls.Count == 0 ? "" : $", {outcome.Sysctls.Count} sysctl(s)";
            Output.Message(outcome.IsEmpty
                ? $"nothing to change: live is already as the script makes it{replayed}"
                : $"applied and verified: {PlanSummary.Of(outcome.Diff, isDone: true)}{sysctls}{replayed}");
        }

        foreach (string failure in outcome.ReplayFailures)
        {
            Output.Message($"--replay: {failure}");
        }

        if (outcome.ReplayFailures.Count > 0)
        {
            Output.Message($"the new firewall is in force and verified, but {outcome.ReplayFailures.Count} of the script's other calls were not repeated on live: see above");
            return ExitCode.NotRestored;
        }

        return ExitCode.Done;
    }
}
