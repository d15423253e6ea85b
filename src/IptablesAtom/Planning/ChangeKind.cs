namespace IptablesAtom.Planning;

/// <summary>What happens to a table, chain, rule, set or entry.</summary>
public enum ChangeKind
{
    /// <summary>It stays; something in it changes.</summary>
    Keep,

    /// <summary>It is new.</summary>
    Add,

    /// <summary>It goes.</summary>
    Remove,

    /// <summary>It goes to another place in its chain.</summary>
    Move,
}
