namespace IptablesAtom.Netlink.Xtables;

/// <summary>Verdicts below 0 of a standard target: -NF_* - 1, and XT_RETURN. From 0 on they are offsets in the table.</summary>
internal static class XtablesVerdict
{
    internal const int Drop = -1; // -NF_DROP - 1
    internal const int Accept = -2; // -NF_ACCEPT - 1
    internal const int Return = -5; // XT_RETURN
}
