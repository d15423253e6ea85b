using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>Another program changed what a commit was about to change. Nothing was applied: read again, plan again.</summary>
public sealed class GenerationConflictException : ConflictException
{
    internal GenerationConflictException(TableId? table, string? chain)
        : base(table is { } id
            ? $"{id}{(string.IsNullOrEmpty(chain) ? "" : $", {chain}")}: another program changed it since it was read; try again"
            : "other programs keep changing nf_tables faster than the change can be committed; try again")
    {
        Table = table;
        Chain = chain;
    }

    private GenerationConflictException(string message)
        : base(message)
    {
    }

    /// <summary>The table that was changed; null if only the generation moved, too often.</summary>
    public TableId? Table { get; }

    /// <summary>The chain or set that was changed, or null.</summary>
    public string? Chain { get; }

    /// <summary>Live held what a commit that was cut off had left; it is finished now, so live is not as it was read.</summary>
    internal static GenerationConflictException AfterFinishing() =>
        new("an earlier commit had been cut off between its rules and its policies; it was finished now");
}
