namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a table.</summary>
internal static class TableAttribute
{
    internal const int Name = 1; // NFTA_TABLE_NAME
    internal const int Flags = 2; // NFTA_TABLE_FLAGS
    internal const int Handle = 4; // NFTA_TABLE_HANDLE
    internal const int UserData = 6; // NFTA_TABLE_USERDATA
}
