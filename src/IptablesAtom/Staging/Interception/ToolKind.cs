namespace IptablesAtom.Staging.Interception;

/// <summary>What a firewall program does, as its name says.</summary>
internal enum ToolKind
{
    /// <summary>iptables or ip6tables: one command a call.</summary>
    Command,

    /// <summary>iptables-save and its like: reads only.</summary>
    Save,

    /// <summary>ipset.</summary>
    Ipset,

    /// <summary>Everything else: restore, nft, arptables, ebtables, the multi binaries.</summary>
    Other,
}
