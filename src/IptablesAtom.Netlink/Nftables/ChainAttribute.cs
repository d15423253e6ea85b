namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a chain.</summary>
internal static class ChainAttribute
{
    internal const int Table = 1; // NFTA_CHAIN_TABLE
    internal const int Handle = 2; // NFTA_CHAIN_HANDLE
    internal const int Name = 3; // NFTA_CHAIN_NAME
    internal const int Hook = 4; // NFTA_CHAIN_HOOK
    internal const int Policy = 5; // NFTA_CHAIN_POLICY
    internal const int Type = 7; // NFTA_CHAIN_TYPE
    internal const int Counters = 8; // NFTA_CHAIN_COUNTERS
    internal const int Flags = 10; // NFTA_CHAIN_FLAGS
    internal const int Id = 11; // NFTA_CHAIN_ID
    internal const int UserData = 12; // NFTA_CHAIN_USERDATA
}
