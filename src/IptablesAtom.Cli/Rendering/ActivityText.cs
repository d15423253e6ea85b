using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Cli.Rendering;

/// <summary>What a script did besides the firewall, a line each below a line that says what becomes of it.</summary>
internal sealed class ActivityText(TextWriter writer)
{
    internal void Write(HostActivity activity, bool isReplayed)
    {
        Write(
            isReplayed ? "besides the firewall, run on live after the commit (--replay):" : "besides the firewall, not done on live (--replay runs it there after the commit):",
            activity.Undone.Select(call => (call.Subject, call.ToString())));
        Write("besides the firewall, done at once:", activity.Done.Select(call => (call.Subject, call.ToString())));
        Write(
            activity.Unexplained.Count > 0 ? "changed in staging by no call that is known, and lost (--replay cannot repeat it):" : "what that changed in staging:",
            activity.Changes.Select(change => (change.Action, $"{change.Subject} {change.Text}")));
    }

    private void Write(string heading, IEnumerable<(string Word, string Text)> lines)
    {
        bool isFirst = true;
        foreach ((string word, string text) in lines)
        {
            if (isFirst)
            {
                writer.WriteLine(heading);
                isFirst = false;
            }

            writer.WriteLine($"  {word,-10} {text}");
        }
    }
}
