namespace IptablesAtom.Netlink.Xtables;

/// <summary>A legacy table's shape (struct ipt_getinfo and its likes).</summary>
internal sealed class XtablesInfo
{
    /// <summary>Bit h: the table has a base chain at hook h.</summary>
    internal required uint ValidHooks { get; init; }

    /// <summary>By hook: offset of the base chain's first entry. Meaningless for hooks that are not valid.</summary>
    internal required int[] HookEntry { get; init; }

    /// <summary>By hook: offset of the base chain's last entry, its policy.</summary>
    internal required int[] Underflow { get; init; }

    /// <summary>Number of entries.</summary>
    internal required int EntryCount { get; init; }

    /// <summary>Bytes of all entries.</summary>
    internal required int Size { get; init; }

    internal bool HasHook(int hook) => (ValidHooks & (1u << hook)) != 0;
}
