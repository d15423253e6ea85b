using IptablesAtom.Cli.Rendering;

namespace IptablesAtom.Cli;

/// <summary>Prints what a run does, as far as <c>--quiet</c> and <c>--verbose</c> ask for it.</summary>
internal sealed class RunLog(bool isQuiet, bool isVerbose, bool showsProgress) : IRunLog
{
    private readonly ProgressLine? _progress = showsProgress && ProgressLine.IsPossible ? new ProgressLine() : null;

    /// <inheritdoc/>
    public void Note(string sentence)
    {
        if (!isQuiet)
        {
            Output.Message(sentence);
        }
    }

    /// <inheritdoc/>
    public void Detail(string sentence)
    {
        if (isVerbose)
        {
            Output.Message(sentence);
        }
    }

    /// <inheritdoc/>
    public void Progress(ScriptProgress? progress)
    {
        if (progress is { } soFar)
        {
            _progress?.Draw(soFar);
        }
        else
        {
            _progress?.Erase();
        }
    }
}
