using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

public sealed partial class AtomicRun
{
    /// <summary>What of the script's sysctls live has otherwise.</summary>
    private IReadOnlyList<SysctlChange> Differing(IReadOnlyList<SysctlChange> set, NetworkNamespace live)
    {
        SysctlCommit sysctls = SysctlCommit.Prepare(options.Sysctl == SysctlMode.Ignore ? [] : set, live);
        foreach (SysctlChange lost in sysctls.NotRepeated)
        {
            log.Note($"the script wrote to the sysctl {lost.Name}, which cannot be done again on live");
        }

        return sysctls.Changes;
    }

    /// <summary>Called after the rules, so that nothing is forwarded that they do not know.</summary>
    private void Apply(IReadOnlyList<SysctlChange> set, AtomicResult result, NetworkNamespace live)
    {
        if (options.Sysctl != SysctlMode.Apply)
        {
            foreach (SysctlChange change in result.Sysctls) // none with --sysctl ignore
            {
                log.Note($"not done on live, as --sysctl report says: sysctl {change}");
            }

            return;
        }

        foreach (string refusal in SysctlCommit.Prepare(set, live).Apply())
        {
            log.Note(refusal);
        }
    }
}
