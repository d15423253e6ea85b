namespace IptablesAtom.Netlink.Nftables;

/// <summary>Verdict codes of nf_tables.</summary>
internal enum Verdict
{
    Drop = 0, // NF_DROP
    Accept = 1, // NF_ACCEPT
    Jump = -3, // NFT_JUMP
    Goto = -4, // NFT_GOTO
    Return = -5, // NFT_RETURN
}
