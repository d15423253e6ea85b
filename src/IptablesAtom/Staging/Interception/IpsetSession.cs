using System.Globalization;
using System.Text;

namespace IptablesAtom.Staging.Interception;

/// <summary>An <c>ipset -</c> that runs beside the script: each line acts in the kernel at once, so nothing ever waits.</summary>
/// <remarks>
/// The prompts on standard output are not flushed, but standard error is unbuffered: a listing with an output mode that does not exist
/// fails in the parser, without asking the kernel, and its complaint comes after everything that the line before had to say. Such an error also
/// lets go of what an earlier line left behind that was refused half read (libipset's <c>ipset_session_report</c>).
/// </remarks>
internal sealed class IpsetSession(StagingPlace place) : IDisposable
{
    private Coprocess? _process;
    private long _tag;
    private int _complaint;

    /// <summary>Runs a line. False: it had something to say, so the real tool has to say it.</summary>
    internal bool Run(string line)
    {
        if (_process is null)
        {
            _process = new Coprocess(place, null, $"{InterceptionPaths.Programs}/ipset", "-");
            _complaint = Send("") ?? -1;
        }

        if (Send(line) is not { } before)
        {
            Dispose(); // it has ended
            return false;
        }

        _process.DiscardOutput();
        return before == _complaint;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Sends a line, and gives how many bytes stood in standard error before the tag that followed it.</summary>
    private int? Send(string line)
    {
        string tag = string.Create(CultureInfo.InvariantCulture, $"tag{++_tag}'");
        return _process!.Write(Encoding.Latin1.GetBytes($"{line}\nlist -output {tag[..^1]}\n"))
            ? _process.ReadErrorTo(Encoding.Latin1.GetBytes(tag))
            : null;
    }
}
