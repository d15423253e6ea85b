namespace IptablesAtom.Cli;

/// <summary>Prints what a run does, as far as <c>--quiet</c> and <c>--verbose</c> ask for it.</summary>
internal sealed class RunLog(bool isQuiet, bool isVerbose) : IRunLog
{
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
}
