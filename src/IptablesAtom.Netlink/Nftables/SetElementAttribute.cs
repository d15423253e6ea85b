namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of one element of a set.</summary>
internal static class SetElementAttribute
{
    internal const int Key = 1; // NFTA_SET_ELEM_KEY
    internal const int Data = 2; // NFTA_SET_ELEM_DATA
    internal const int Flags = 3; // NFTA_SET_ELEM_FLAGS
    internal const int Timeout = 4; // NFTA_SET_ELEM_TIMEOUT
    internal const int Expiration = 5; // NFTA_SET_ELEM_EXPIRATION
    internal const int UserData = 6; // NFTA_SET_ELEM_USERDATA
    internal const int Expression = 7; // NFTA_SET_ELEM_EXPR
    internal const int Object = 9; // NFTA_SET_ELEM_OBJREF
    internal const int KeyEnd = 10; // NFTA_SET_ELEM_KEY_END
    internal const int Expressions = 11; // NFTA_SET_ELEM_EXPRESSIONS
}
