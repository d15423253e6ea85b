namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of the expressions that are decoded or rewritten; the others are carried as bytes.</summary>
internal static class ExpressionAttribute
{
    internal const int ListElement = 1; // NFTA_LIST_ELEM
    internal const int Name = 1; // NFTA_EXPR_NAME
    internal const int Data = 2; // NFTA_EXPR_DATA
    internal const int XtName = 1; // NFTA_MATCH_NAME, NFTA_TARGET_NAME
    internal const int XtRevision = 2; // NFTA_MATCH_REV, NFTA_TARGET_REV
    internal const int XtInfo = 3; // NFTA_MATCH_INFO, NFTA_TARGET_INFO
    internal const int MetaDestination = 1; // NFTA_META_DREG
    internal const int MetaKey = 2; // NFTA_META_KEY
    internal const int PayloadDestination = 1; // NFTA_PAYLOAD_DREG
    internal const int PayloadBase = 2; // NFTA_PAYLOAD_BASE
    internal const int PayloadOffset = 3; // NFTA_PAYLOAD_OFFSET
    internal const int PayloadLength = 4; // NFTA_PAYLOAD_LEN
    internal const int CompareSource = 1; // NFTA_CMP_SREG
    internal const int CompareOperator = 2; // NFTA_CMP_OP
    internal const int CompareData = 3; // NFTA_CMP_DATA
    internal const int BitwiseDestination = 2; // NFTA_BITWISE_DREG
    internal const int ImmediateDestination = 1; // NFTA_IMMEDIATE_DREG
    internal const int ImmediateData = 2; // NFTA_IMMEDIATE_DATA
    internal const int DataValue = 1; // NFTA_DATA_VALUE
    internal const int DataVerdict = 2; // NFTA_DATA_VERDICT
    internal const int VerdictCode = 1; // NFTA_VERDICT_CODE
    internal const int VerdictChain = 2; // NFTA_VERDICT_CHAIN
    internal const int VerdictChainId = 3; // NFTA_VERDICT_CHAIN_ID
    internal const int LookupSet = 1; // NFTA_LOOKUP_SET
    internal const int LookupSetId = 4; // NFTA_LOOKUP_SET_ID
    internal const int DynamicSet = 1; // NFTA_DYNSET_SET_NAME
    internal const int DynamicSetId = 2; // NFTA_DYNSET_SET_ID
    internal const int DynamicTimeout = 6; // NFTA_DYNSET_TIMEOUT
    internal const int ObjectSet = 4; // NFTA_OBJREF_SET_NAME
    internal const int ObjectSetId = 5; // NFTA_OBJREF_SET_ID
    internal const int HeaderFlags = 5; // NFTA_EXTHDR_FLAGS
    internal const int HeaderSource = 7; // NFTA_EXTHDR_SREG
    internal const int QuotaConsumed = 4; // NFTA_QUOTA_CONSUMED
    internal const int CounterBytes = 1; // NFTA_COUNTER_BYTES
    internal const int CounterPackets = 2; // NFTA_COUNTER_PACKETS
}
