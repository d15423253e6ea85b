using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>Sets on live what the script set in staging, after the rules are in force and verified: a commit that fails has set nothing.</summary>
/// <remarks>
/// The values are written in the script's order. One of them may change others (ip_forward, conf/all), also one that the script set and live had
/// already: what it set is looked at once more at the end.
/// </remarks>
public sealed class SysctlCommit
{
    private readonly NetworkNamespace _live;
    private readonly List<SysctlChange> _planned;
    private readonly List<SysctlChange> _same;

    private SysctlCommit(
        NetworkNamespace live, List<SysctlChange> planned, List<SysctlChange> same, IReadOnlyList<SysctlChange> notRepeated)
    {
        _live = live;
        _planned = planned;
        _same = same;
        NotRepeated = notRepeated;
    }

    /// <summary>What will be set: live's value differs.</summary>
    public IReadOnlyList<SysctlChange> Changes => _planned;

    /// <summary>What cannot be done on live: a trigger, whose value nobody can read, or a file that live has not.</summary>
    public IReadOnlyList<SysctlChange> NotRepeated { get; }

    /// <summary>Compares with live, which is only read.</summary>
    /// <param name="changes">What the script set (<see cref="SysctlShadow.Read"/>).</param>
    /// <param name="live">Where it shall be set.</param>
    public static SysctlCommit Prepare(IReadOnlyList<SysctlChange> changes, NetworkNamespace live) => live.Run(() =>
    {
        List<SysctlChange> planned = [];
        List<SysctlChange> same = [];
        List<SysctlChange> notRepeated = [];
        foreach (SysctlChange change in changes)
        {
            if (change.Value is null || SysctlTree.Read(change.Path) is not string old)
            {
                notRepeated.Add(change);
            }
            else if (!SysctlTree.SameValue(old, change.Value))
            {
                planned.Add(change);
            }
            else
            {
                same.Add(change);
            }
        }

        return new SysctlCommit(live, planned, same, notRepeated);
    });

    /// <summary>Sets the values.</summary>
    /// <returns>What the kernel refused, in sentences: it would have refused the script too, and the rest is set.</returns>
    public IReadOnlyList<string> Apply() => _planned.Count == 0 ? [] : _live.Run(() =>
    {
        List<string> refused = [];
        foreach (SysctlChange change in _planned)
        {
            Errno errno = Write(change.Path, change.Value!);
            if (errno != Errno.None)
            {
                refused.Add($"sysctl {change} was refused: {LinuxException.Describe(errno)}");
            }
        }

        foreach (SysctlChange change in _same)
        {
            if (SysctlTree.Read(change.Path) is string now && !SysctlTree.SameValue(now, change.Value!))
            {
                _ = Write(change.Path, change.Value!); // live had this value a moment ago: it is a good one
            }
        }

        return refused;
    });

    private static Errno Write(string path, string value) => KernelFile.TryWrite(SysctlTree.FileOf(path), Encoding.UTF8.GetBytes(value + "\n"));
}
