namespace IptablesAtom.Staging.Interception;

/// <summary>What a shell function sent: a call, or (without words) how a call ended that it ran itself or that failed.</summary>
/// <param name="Process">The shell that called; 0 if it went on at once and takes no answer.</param>
/// <param name="File">Where the call stands; empty if the shell does not tell.</param>
/// <param name="Line">The line there, or 0.</param>
/// <param name="Words">The call.</param>
/// <param name="Call">Without words: the number that the call had.</param>
/// <param name="Status">Without words: its status.</param>
/// <param name="IsHandled">Without words: whether the script looks at the status; not asked if its messages went to /dev/null.</param>
/// <param name="IsMessageDiscarded">Without words: whether its messages went to /dev/null.</param>
internal sealed record FunctionRequest(
    int Process, string File, int Line, string[] Words, int Call, int Status, bool IsHandled, bool IsMessageDiscarded)
{
    /// <summary>True if the shell went on at once.</summary>
    internal bool GoesAhead => Process == 0;
}
