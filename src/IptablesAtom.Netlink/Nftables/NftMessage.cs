namespace IptablesAtom.Netlink.Nftables;

/// <summary>Message numbers of the nf_tables subsystem (linux/netfilter/nf_tables.h).</summary>
internal static class NftMessage
{
    /// <summary>The subsystem's number in nfnetlink.</summary>
    internal const int Subsystem = 10; // NFNL_SUBSYS_NFTABLES

    /// <summary>The multicast group of changes.</summary>
    internal const int Group = 7; // NFNLGRP_NFTABLES

    internal const int NewTable = 0; // NFT_MSG_NEWTABLE
    internal const int GetTable = 1; // NFT_MSG_GETTABLE
    internal const int DelTable = 2; // NFT_MSG_DELTABLE
    internal const int NewChain = 3; // NFT_MSG_NEWCHAIN
    internal const int GetChain = 4; // NFT_MSG_GETCHAIN
    internal const int DelChain = 5; // NFT_MSG_DELCHAIN
    internal const int NewRule = 6; // NFT_MSG_NEWRULE
    internal const int GetRule = 7; // NFT_MSG_GETRULE
    internal const int DelRule = 8; // NFT_MSG_DELRULE
    internal const int NewSet = 9; // NFT_MSG_NEWSET
    internal const int GetSet = 10; // NFT_MSG_GETSET
    internal const int DelSet = 11; // NFT_MSG_DELSET
    internal const int NewSetElement = 12; // NFT_MSG_NEWSETELEM
    internal const int GetSetElement = 13; // NFT_MSG_GETSETELEM
    internal const int DelSetElement = 14; // NFT_MSG_DELSETELEM
    internal const int NewGeneration = 15; // NFT_MSG_NEWGEN
    internal const int GetGeneration = 16; // NFT_MSG_GETGEN
    internal const int NewObject = 18; // NFT_MSG_NEWOBJ
    internal const int GetObject = 19; // NFT_MSG_GETOBJ
    internal const int DelObject = 20; // NFT_MSG_DELOBJ
    internal const int NewFlowtable = 22; // NFT_MSG_NEWFLOWTABLE
    internal const int GetFlowtable = 23; // NFT_MSG_GETFLOWTABLE
    internal const int DelFlowtable = 24; // NFT_MSG_DELFLOWTABLE
}
