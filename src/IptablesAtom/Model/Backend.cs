namespace IptablesAtom.Model;

/// <summary>Where the kernel keeps a table.</summary>
public enum Backend
{
    /// <summary>nf_tables: iptables-nft, arptables-nft, ebtables-nft and native nft.</summary>
    Nft,

    /// <summary>x_tables: iptables-legacy, ip6tables-legacy, arptables-legacy.</summary>
    Legacy,
}
