namespace IptablesAtom;

/// <summary>Hears what a run does. The library itself never writes to a terminal.</summary>
public interface IRunLog
{
    /// <summary>Something that the user should know.</summary>
    /// <param name="sentence">One sentence without a full stop.</param>
    void Note(string sentence);

    /// <summary>A step, for <c>--verbose</c>.</summary>
    /// <param name="sentence">One sentence without a full stop.</param>
    void Detail(string sentence);

    /// <summary>How far the script is, some times a second while it runs.</summary>
    /// <param name="progress">Null: it has ended.</param>
    void Progress(ScriptProgress? progress)
    {
    }
}
