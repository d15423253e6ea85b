using System.CommandLine;

namespace IptablesAtom.Cli.Commands;

/// <summary>A verb: its options, and what it does. The one place where an error becomes a sentence and an exit status.</summary>
internal abstract class CommandBase
{
    /// <summary>Gives a command of the parser this verb's options and action.</summary>
    internal Command AttachTo(Command command)
    {
        Declare(command);
        command.SetAction(result =>
        {
            try
            {
                return Execute(result);
            }
            catch (Exception exception) when (Failure.TryDescribe(exception, out int exitCode, out string? sentence))
            {
                Output.Message(sentence);
                return exitCode;
            }
        });
        return command;
    }

    protected abstract void Declare(Command command);

    protected abstract int Execute(ParseResult result);
}
