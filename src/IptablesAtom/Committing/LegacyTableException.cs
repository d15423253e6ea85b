using IptablesAtom.Model;
using IptablesAtom.Netlink;

namespace IptablesAtom.Committing;

/// <summary>A legacy table cannot be built: a rule leads to a chain that the table does not have, or the table is too large.</summary>
public sealed class LegacyTableException : AtomException
{
    internal LegacyTableException(TableId table, string reason)
        : base($"{table} cannot be built: {reason}") => Table = table;

    /// <summary>Which.</summary>
    public TableId Table { get; }
}
