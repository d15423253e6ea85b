using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>A legacy table is not any more what the plan was made from.</summary>
public sealed class LegacyConflictException : ConflictException
{
    internal LegacyConflictException(TableId table)
        : base($"{table} was changed by another program since it was read; the change has to be planned again") => Table = table;

    /// <summary>Which.</summary>
    public TableId Table { get; }
}
