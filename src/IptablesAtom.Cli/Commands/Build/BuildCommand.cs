using System.CommandLine;
using IptablesAtom.Staging;

namespace IptablesAtom.Cli.Commands.Build;

/// <summary><c>build SCRIPT -o FILE</c>: what the script makes, as a bundle.</summary>
internal sealed class BuildCommand : CommandBase
{
    private readonly ScriptOptions _options = new();

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Required = true,
        Description = "The bundle to write. The same script gives the same bytes, whenever and in whatever directory it is built.",
    };

    protected override void Declare(Command command)
    {
        command.Add(_output);
        _options.AddStagingTo(command);
    }

    protected override int Execute(ParseResult result)
    {
        UserNamespace.EnterIfNeeded(Environment.GetCommandLineArgs()[1..]);
        using Interruption interruption = new();
        string file = result.GetValue(_output)!;
        IReadOnlyList<string> parts = new AtomicRun(_options.Read(result, describe: false) with { Describe = false }, _options.Log(result), interruption).Build(file);
        if (!_options.IsQuiet(result))
        {
            Output.Message($"built {file}: {(parts.Count == 0 ? "the script made nothing" : string.Join(", ", parts))}");
        }

        return ExitCode.Done;
    }
}
