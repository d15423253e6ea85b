using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging;

namespace IptablesAtom;

public sealed partial class AtomicRun
{
    /// <summary>Live; for an ordinary user nothing, because the kernel shows rules and sets to root only.</summary>
    private Snapshot ReadLive(NetworkNamespace live)
    {
        if (!UserNamespace.IsInside)
        {
            return SnapshotReader.Read(live);
        }

        log.Note("without root the live firewall cannot be read: this is the plan for a host without rules");
        return Snapshot.Empty;
    }

    private static Snapshot ReadLiveAgain(NetworkNamespace live, Snapshot before) => UserNamespace.IsInside ? before : SnapshotReader.ReadAgain(live, before);
}
