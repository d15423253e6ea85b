using System.Globalization;
using System.Text;

namespace IptablesAtom.Load;

/// <summary>What became of all packets.</summary>
/// <param name="Classes">Class by class.</param>
/// <param name="Duration">How long packets were sent.</param>
public sealed record LoadResult(IReadOnlyList<ClassResult> Classes, TimeSpan Duration)
{
    /// <summary>All packets sent.</summary>
    public long Sent => Classes.Sum(result => result.Sent);

    /// <summary>Packets that both firewalls stop, and that arrived.</summary>
    public long WronglyAccepted => WrongOf(Expectation.Dropped);

    /// <summary>Packets that both firewalls let through, and that did not arrive.</summary>
    public long WronglyDropped => WrongOf(Expectation.Accepted);

    /// <summary>Packets per second.</summary>
    public double Rate => Sent / Duration.TotalSeconds;

    /// <summary>One line each for the whole and for every class that has something wrong.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"{Sent} packets in {Duration.TotalSeconds:F1} s: {WronglyAccepted} wrongly accepted, {WronglyDropped} wrongly dropped");
        foreach (ClassResult result in Classes.Where(result => result.WrongAt.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {result.Class.Name}: {result.WrongAt.Count} wrong of {result.Sent}, at ");
            text.AppendJoin(", ", result.WrongAt.Take(5).Select(at => at.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture)));
            text.Append(result.WrongAt.Count > 5 ? ", ... ms" : " ms");
        }

        return text.ToString();
    }

    private long WrongOf(Expectation expectation) =>
        Classes.Where(result => result.Class.Expectation == expectation).Sum(result => (long)result.WrongAt.Count);
}
