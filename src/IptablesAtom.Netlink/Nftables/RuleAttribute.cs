namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a rule.</summary>
internal static class RuleAttribute
{
    internal const int Table = 1; // NFTA_RULE_TABLE
    internal const int Chain = 2; // NFTA_RULE_CHAIN
    internal const int Handle = 3; // NFTA_RULE_HANDLE
    internal const int Expressions = 4; // NFTA_RULE_EXPRESSIONS
    internal const int Compat = 5; // NFTA_RULE_COMPAT
    internal const int Position = 6; // NFTA_RULE_POSITION
    internal const int UserData = 7; // NFTA_RULE_USERDATA
    internal const int ChainId = 11; // NFTA_RULE_CHAIN_ID
}
