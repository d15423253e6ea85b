using System.CommandLine;
using IptablesAtom.Staging;

namespace IptablesAtom.Cli.Commands.Plan;

/// <summary><c>plan SCRIPT</c>: what a run would change.</summary>
internal sealed class PlanCommand : CommandBase
{
    private readonly ScriptOptions _options = new();

    protected override void Declare(Command command) => _options.AddTo(command);

    protected override int Execute(ParseResult result)
    {
        UserNamespace.EnterIfNeeded(Environment.GetCommandLineArgs()[1..]);
        using Interruption interruption = new();
        AtomicResult outcome = new AtomicRun(_options.Read(result, describe: true), _options.Log(result), interruption).Plan();
        _options.Print(result, outcome);
        bool repeats = _options.IsReplay(result) && outcome.Activity.Undone.Count > 0;
        return outcome.IsEmpty && !repeats ? ExitCode.Done : ExitCode.UsageOrChanges;
    }
}
