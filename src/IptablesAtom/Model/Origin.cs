namespace IptablesAtom.Model;

/// <summary>Where a rule was made: the script's place and the call.</summary>
/// <param name="File">The script, as the user named it.</param>
/// <param name="Line">Its line, from 1; 0 when the shell cannot tell.</param>
/// <param name="Arguments">The call's words.</param>
public sealed record Origin(string File, int Line, IReadOnlyList<string> Arguments)
{
    /// <summary><c>file:line</c>, or the file alone.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}" : File;
}
