namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a flowtable.</summary>
internal static class FlowtableAttribute
{
    internal const int Table = 1; // NFTA_FLOWTABLE_TABLE
    internal const int Name = 2; // NFTA_FLOWTABLE_NAME
    internal const int Hook = 3; // NFTA_FLOWTABLE_HOOK
    internal const int Flags = 7; // NFTA_FLOWTABLE_FLAGS
    internal const int Handle = 5; // NFTA_FLOWTABLE_HANDLE
}
