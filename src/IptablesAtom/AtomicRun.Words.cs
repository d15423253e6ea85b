using System.Diagnostics;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom;

public sealed partial class AtomicRun
{
    private TimeSpan _describing;

    /// <summary>Gives the rules of changed tables their words, for people: the tools are asked to list whole tables.</summary>
    private void Describe(Plan plan, NetworkNamespace live, Stage stage, Snapshot now)
    {
        if (!options.Describe || plan.IsEmpty)
        {
            return;
        }

        long begin = Stopwatch.GetTimestamp();
        TableId[] changed = [.. plan.Tables.Select(table => table.Id)];
        RuleText.Fill(now, live, changed);
        RuleText.Fill(stage.Result, stage.Network, changed);
        _describing += Stopwatch.GetElapsedTime(begin);
    }
}
