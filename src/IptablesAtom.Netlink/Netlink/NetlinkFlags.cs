namespace IptablesAtom.Netlink.Netlink;

/// <summary>Flags of a message's header (linux/netlink.h).</summary>
[Flags]
internal enum NetlinkFlags : ushort
{
    None = 0,
    Request = 1, // NLM_F_REQUEST
    Multi = 2, // NLM_F_MULTI
    Ack = 4, // NLM_F_ACK
    DumpInterrupted = 0x10, // NLM_F_DUMP_INTR
    Dump = 0x300, // NLM_F_DUMP
    Replace = 0x100, // NLM_F_REPLACE
    Excl = 0x200, // NLM_F_EXCL
    Create = 0x400, // NLM_F_CREATE
    Append = 0x800, // NLM_F_APPEND
    Capped = 0x100, // NLM_F_CAPPED, in an answer
    AckTlvs = 0x200, // NLM_F_ACK_TLVS, in an answer
}
