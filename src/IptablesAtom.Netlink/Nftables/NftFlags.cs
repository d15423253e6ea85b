namespace IptablesAtom.Netlink.Nftables;

/// <summary>Flag bits of nf_tables objects.</summary>
internal static class NftFlags
{
    internal const uint TableDormant = 1; // NFT_TABLE_F_DORMANT
    internal const uint TableOwner = 2; // NFT_TABLE_F_OWNER
    internal const uint ChainBinding = 4; // NFT_CHAIN_BINDING
    internal const uint SetAnonymous = 1; // NFT_SET_ANONYMOUS
    internal const uint SetEvaluated = 0x20; // NFT_SET_EVAL
}
