using IptablesAtom.Model;
using IptablesAtom.Netlink;

namespace IptablesAtom.Snapshots;

/// <summary>Tables could not be read at one generation, as somebody changes them all the time.</summary>
public sealed class UnstableTablesException : AtomException
{
    internal UnstableTablesException(IReadOnlyList<TableId> tables)
        : base($"{string.Join(", ", tables)}: changed by another program each time they were read; stop it, or try again")
        => Tables = tables;

    /// <summary>Those that changed during the last reading.</summary>
    public IReadOnlyList<TableId> Tables { get; }
}
