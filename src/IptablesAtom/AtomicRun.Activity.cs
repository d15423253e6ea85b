using IptablesAtom.Committing;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom;

public sealed partial class AtomicRun
{
    private const int MostNamed = 10;

    /// <summary>When the firewall is in force: what the script did besides it is repeated on live, or said not to be.</summary>
    private AtomicResult After(AtomicResult result, NetworkNamespace live)
    {
        if (options.Replay)
        {
            return result with { ReplayFailures = Replay.Run(result.Activity, live, log) };
        }

        string[] undone =
        [
            .. result.Activity.Undone.Select(call => $"{call} ({call.Subject})"),
            .. result.Activity.Unexplained.Select(change => $"the script {change}"),
        ];
        foreach (string one in undone.Take(MostNamed))
        {
            log.Note($"not done on live: {one}");
        }

        if (undone.Length > MostNamed)
        {
            log.Note($"not done on live: {undone.Length - MostNamed} more, which iptables-atom plan lists");
        }

        if (result.Activity.Undone.Count > 0)
        {
            log.Note("--replay runs such calls on live after the commit");
        }

        foreach (string done in result.Activity.Done.Select(call => $"{call} ({call.Subject})"))
        {
            log.Note($"done at once, before the commit: {done}");
        }

        return result;
    }
}
