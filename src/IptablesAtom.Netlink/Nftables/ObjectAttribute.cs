namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a stateful object.</summary>
internal static class ObjectAttribute
{
    internal const int Table = 1; // NFTA_OBJ_TABLE
    internal const int Name = 2; // NFTA_OBJ_NAME
    internal const int Type = 3; // NFTA_OBJ_TYPE
    internal const int Data = 4; // NFTA_OBJ_DATA
    internal const int UserData = 8; // NFTA_OBJ_USERDATA
    internal const int Handle = 6; // NFTA_OBJ_HANDLE
    internal const uint TypeCounter = 1; // NFT_OBJECT_COUNTER
    internal const uint TypeQuota = 2; // NFT_OBJECT_QUOTA
}
