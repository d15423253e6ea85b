namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a message of set elements.</summary>
internal static class SetElementListAttribute
{
    internal const int Table = 1; // NFTA_SET_ELEM_LIST_TABLE
    internal const int Set = 2; // NFTA_SET_ELEM_LIST_SET
    internal const int Elements = 3; // NFTA_SET_ELEM_LIST_ELEMENTS
    internal const int SetId = 4; // NFTA_SET_ELEM_LIST_SET_ID
}
