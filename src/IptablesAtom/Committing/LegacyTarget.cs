using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Committing;

/// <summary>A table on its way from live to desired.</summary>
internal sealed class LegacyTarget
{
    internal LegacyTarget(TableId id, Table live, XtablesBlob liveBlob, Table desired)
    {
        Id = id;
        Live = live;
        LiveBlob = liveBlob;
        Desired = desired;
        Current = liveBlob;
        Carry = new LegacyCarry(live, desired);
        NamesNoSets = desired.Chains.All(chain => chain.Rules.All(rule => rule.Sets.Count == 0));
    }

    internal TableId Id { get; }

    /// <summary>As read under the lock.</summary>
    internal Table Live { get; }

    internal XtablesBlob LiveBlob { get; }

    internal Table Desired { get; }

    internal LegacyCarry Carry { get; }

    /// <summary>What the kernel has now.</summary>
    internal XtablesBlob Current { get; set; }

    /// <summary>True if the bytes of the new table are the same whatever the indexes of sets.</summary>
    internal bool NamesNoSets { get; }

    /// <summary>The bytes of the new table, where these can be kept; null until they were needed.</summary>
    internal XtablesBlob? DesiredBlob { get; set; }

    /// <summary>The merged table while that is in the kernel, else null.</summary>
    internal Table? Merged { get; set; }

    /// <summary>True once the pure new table is in the kernel.</summary>
    internal bool IsSettled { get; set; }

    /// <summary>True if the rules of this family can ask a set: ARP has no matches.</summary>
    internal bool CanSwitch => Id.Family != Family.Arp;
}
