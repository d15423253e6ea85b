using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>
/// One legacy family's socket options, and where the members of its structures stand (linux/netfilter_ipv4/ip_tables.h,
/// ip6_tables.h, netfilter_arp/arp_tables.h). The three differ only in these numbers.
/// </summary>
/// <remarks>
/// Structures whose shape depends on the number of hooks n alone:
/// <code>
/// xt_getinfo   name[32] valid_hooks@32 hook_entry[n]@36 underflow[n] num_entries size
/// xt_replace   name[32] valid_hooks@32 num_entries@36 size@40 hook_entry[n]@44 underflow[n] num_counters (pad) counters*
/// xt_entries   name[32] size@32 (pad)@36 entries@40
/// </code>
/// </remarks>
internal sealed class XtablesLayout
{
    /// <summary>Bytes of a table's name, NUL padded (XT_TABLE_MAXNAMELEN).</summary>
    internal const int NameSize = 32;

    /// <summary>Bytes before the entries in what GET_ENTRIES gives.</summary>
    internal const int GetEntriesSize = 40;

    /// <summary>Size of xt_entry_match and xt_entry_target: u16 size, name[29], u8 revision.</summary>
    internal const int ExtensionHeader = 32;

    /// <summary>Size of xt_standard_target: the header, i32 verdict, padding.</summary>
    internal const int StandardTarget = 40;

    /// <summary>Size of xt_error_target: the header, name[30], padding.</summary>
    internal const int ErrorTarget = 64;

    internal static readonly XtablesLayout Ipv4 = new()
    {
        ProcName = "ip_tables_names",
        AddressFamily = LibC.AF_INET,
        Level = 0, // SOL_IP
        Options = 64, // IPT_BASE_CTL
        MatchRevision = 66, // IPT_SO_GET_REVISION_MATCH
        TargetRevision = 67, // IPT_SO_GET_REVISION_TARGET
        HookCount = 5,
        EntrySize = 112,
        FlagsAt = 82,
        GotoFlag = 2, // IPT_F_GOTO
        TargetOffsetAt = 88,
    };

    internal static readonly XtablesLayout Ipv6 = new()
    {
        ProcName = "ip6_tables_names",
        AddressFamily = LibC.AF_INET6,
        Level = 41, // SOL_IPV6
        Options = 64, // IP6T_BASE_CTL
        MatchRevision = 68, // IP6T_SO_GET_REVISION_MATCH
        TargetRevision = 69, // IP6T_SO_GET_REVISION_TARGET
        HookCount = 5,
        EntrySize = 168,
        FlagsAt = 131,
        GotoFlag = 4, // IP6T_F_GOTO; 2 is IP6T_F_TOS
        TargetOffsetAt = 140,
    };

    internal static readonly XtablesLayout Arp = new()
    {
        ProcName = "arp_tables_names",
        AddressFamily = LibC.AF_INET,
        Level = 0, // SOL_IP
        Options = 96, // ARPT_BASE_CTL
        MatchRevision = -1, // arp_tables has no matches
        TargetRevision = 99, // ARPT_SO_GET_REVISION_TARGET
        HookCount = 3,
        EntrySize = 192,
        FlagsAt = 0,
        GotoFlag = 0, // arp_tables knows no goto
        TargetOffsetAt = 164,
    };

    private XtablesLayout()
    {
    }

    /// <summary>The file under /proc/*/net that lists the tables which exist.</summary>
    internal required string ProcName { get; init; }

    internal required int AddressFamily { get; init; }

    internal required int Level { get; init; }

    /// <summary>GET_INFO and REPLACE; GET_ENTRIES and ADD_COUNTERS are one above.</summary>
    internal required int Options { get; init; }

    internal required int MatchRevision { get; init; }

    internal required int TargetRevision { get; init; }

    internal required int HookCount { get; init; }

    /// <summary>Size of an entry without matches and target; a multiple of 8, as all sizes are.</summary>
    internal required int EntrySize { get; init; }

    internal required int FlagsAt { get; init; }

    /// <summary>The flag that makes a jump a goto; 0 where there is none.</summary>
    internal required byte GotoFlag { get; init; }

    internal required int TargetOffsetAt { get; init; }

    internal int NextOffsetAt => TargetOffsetAt + 2;

    /// <summary>The kernel's own mark of the hooks that reach an entry; cleared by it at every replace.</summary>
    internal int ComefromAt => TargetOffsetAt + 4;

    /// <summary>u64 packets, u64 bytes.</summary>
    internal int CountersAt => EntrySize - 16;

    internal int InfoSize => 44 + (8 * HookCount);

    internal int ReplaceSize => CountersPointerAt + 8;

    /// <summary>num_counters in xt_replace.</summary>
    internal int CounterCountAt => 44 + (8 * HookCount);

    internal int CountersPointerAt => (CounterCountAt + 4 + 7) & ~7;
}
