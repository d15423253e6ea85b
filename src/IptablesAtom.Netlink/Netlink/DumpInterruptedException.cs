namespace IptablesAtom.Netlink.Netlink;

/// <summary>What was being listed changed under the listing (NLM_F_DUMP_INTR): list again.</summary>
public sealed class DumpInterruptedException : AtomException
{
    internal DumpInterruptedException()
        : base("the kernel's objects changed while they were listed")
    {
    }
}
