using IptablesAtom.Planning;

namespace IptablesAtom.Cli.Rendering;

/// <summary>Prints a plan for people, or as JSON for programs.</summary>
internal sealed class PlanPrinter(TextWriter writer, bool colour = false)
{
    /// <summary>True if standard output is a terminal that shows colours, and NO_COLOR does not forbid them.</summary>
    internal static bool OutputHasColour =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>All that changes, a line each, and a line that sums it up.</summary>
    /// <param name="plan">The plan.</param>
    internal void WriteText(Plan plan)
    {
        new PlanText(writer, colour).Write(PlanDiff.Of(plan));
        writer.Flush();
    }

    /// <summary>The same as JSON; docs/usage/plan-json.md is its description.</summary>
    /// <param name="outcome">What a run did, or would do.</param>
    /// <param name="isReplayed">Whether the script's other calls are repeated on live.</param>
    internal void WriteJson(AtomicResult outcome, bool isReplayed = false)
    {
        writer.WriteLine(PlanJson.Of(outcome, isReplayed));
        writer.Flush();
    }
}
