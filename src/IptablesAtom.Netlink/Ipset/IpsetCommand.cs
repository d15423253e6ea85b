namespace IptablesAtom.Netlink.Ipset;

/// <summary>Commands of the ipset subsystem (linux/netfilter/ipset/ip_set.h).</summary>
internal enum IpsetCommand
{
    Create = 2, // IPSET_CMD_CREATE
    Destroy = 3, // IPSET_CMD_DESTROY
    Flush = 4, // IPSET_CMD_FLUSH
    Rename = 5, // IPSET_CMD_RENAME
    Swap = 6, // IPSET_CMD_SWAP
    List = 7, // IPSET_CMD_LIST
    Add = 9, // IPSET_CMD_ADD
    Delete = 10, // IPSET_CMD_DEL
    Header = 12, // IPSET_CMD_HEADER
}
