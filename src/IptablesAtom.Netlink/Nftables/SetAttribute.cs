namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a set or map.</summary>
internal static class SetAttribute
{
    internal const int Table = 1; // NFTA_SET_TABLE
    internal const int Name = 2; // NFTA_SET_NAME
    internal const int Flags = 3; // NFTA_SET_FLAGS
    internal const int KeyType = 4; // NFTA_SET_KEY_TYPE
    internal const int KeyLength = 5; // NFTA_SET_KEY_LEN
    internal const int DataType = 6; // NFTA_SET_DATA_TYPE
    internal const int DataLength = 7; // NFTA_SET_DATA_LEN
    internal const int Policy = 8; // NFTA_SET_POLICY
    internal const int Description = 9; // NFTA_SET_DESC
    internal const int Id = 10; // NFTA_SET_ID
    internal const int Timeout = 11; // NFTA_SET_TIMEOUT
    internal const int GcInterval = 12; // NFTA_SET_GC_INTERVAL
    internal const int UserData = 13; // NFTA_SET_USERDATA
    internal const int ObjectType = 15; // NFTA_SET_OBJ_TYPE
    internal const int Expression = 17; // NFTA_SET_EXPR
    internal const int Expressions = 18; // NFTA_SET_EXPRESSIONS
    internal const int Handle = 16; // NFTA_SET_HANDLE
}
