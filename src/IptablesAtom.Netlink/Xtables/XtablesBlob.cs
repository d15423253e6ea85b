namespace IptablesAtom.Netlink.Xtables;

/// <summary>A whole legacy table as the kernel gives and takes it.</summary>
/// <remarks>The entries stand behind room for the header of a replace, so that what was read or made is sent without a copy.</remarks>
internal sealed class XtablesBlob
{
    internal XtablesBlob(XtablesLayout layout, XtablesInfo info)
    {
        Layout = layout;
        Info = info;
        Buffer = new byte[layout.ReplaceSize + info.Size];
    }

    internal XtablesLayout Layout { get; }

    internal XtablesInfo Info { get; }

    /// <summary>Header room and entries.</summary>
    internal byte[] Buffer { get; }

    /// <summary>The entries, back to back.</summary>
    internal Span<byte> Entries => Buffer.AsSpan(Layout.ReplaceSize);

    /// <summary>True if both are the same table, what its entries have seen aside.</summary>
    internal bool SameAs(XtablesBlob other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (Info.ValidHooks != other.Info.ValidHooks || Info.EntryCount != other.Info.EntryCount || Info.Size != other.Info.Size)
        {
            return false;
        }

        for (int hook = 0; hook < Layout.HookCount; hook++)
        {
            if (Info.HasHook(hook)
                && (Info.HookEntry[hook] != other.Info.HookEntry[hook] || Info.Underflow[hook] != other.Info.Underflow[hook]))
            {
                return false;
            }
        }

        XtablesWalk mine = new(Layout, Entries);
        XtablesWalk others = new(Layout, other.Entries);
        while (mine.Next())
        {
            // Left out: comefrom, which the kernel computes, and the counters.
            if (!others.Next() || mine.Entry.Length != others.Entry.Length
                || !mine.Entry[..Layout.ComefromAt].SequenceEqual(others.Entry[..Layout.ComefromAt])
                || !mine.Entry[Layout.EntrySize..].SequenceEqual(others.Entry[Layout.EntrySize..]))
            {
                return false;
            }
        }

        return true;
    }
}
