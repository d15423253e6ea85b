using System.Globalization;

namespace IptablesAtom.Cli.Rendering;

/// <summary>How far the script is, on the terminal.</summary>
/// <remarks>
/// The terminal is the script's. What it has written is never erased or moved: the text stands behind the script's cursor, which is put back, and it is
/// erased from there to the end of the line.
/// </remarks>
internal sealed class ProgressLine
{
    private const string SaveCursor = "\u001b7", RestoreCursor = "\u001b8", EraseToLineEnd = "\u001b[K", NoWrap = "\u001b[?7l", Wrap = "\u001b[?7h";

    /// <summary>Shorter runs show nothing, and nothing is drawn more often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TimeSpan _next = Interval;
    private bool _isDrawn;

    /// <summary>True if there is a terminal that can show it.</summary>
    internal static bool IsPossible => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Draws it, if it is time for it.</summary>
    internal void Draw(ScriptProgress progress)
    {
        if (progress.Elapsed < _next)
        {
            return;
        }

        _next = progress.Elapsed + Interval;
        _isDrawn = true;
        Output.Messages.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{NoWrap}{SaveCursor}{EraseToLineEnd}iptables-atom: {progress.Commands:N0} commands, {progress.Rules:N0} rules, {progress.Elapsed.TotalSeconds:0} s{RestoreCursor}{Wrap}"));
    }

    /// <summary>Takes it away.</summary>
    internal void Erase()
    {
        if (_isDrawn)
        {
            _isDrawn = false;
            Output.Messages.Write(EraseToLineEnd);
        }
    }
}
