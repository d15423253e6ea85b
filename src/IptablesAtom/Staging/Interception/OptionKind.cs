namespace IptablesAtom.Staging.Interception;

/// <summary>What stands behind an option of a rule, and how much of it decides whether the kernel takes it.</summary>
internal enum OptionKind
{
    /// <summary>Nothing.</summary>
    Flag,

    /// <summary>A source address.</summary>
    Source,

    /// <summary>A destination address.</summary>
    Destination,

    /// <summary>An interface.</summary>
    Interface,

    /// <summary>A source port.</summary>
    Port,

    /// <summary>A destination port.</summary>
    DestinationPort,

    /// <summary>Ports with commas.</summary>
    Ports,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>An address to translate to, perhaps with a port.</summary>
    NatAddress,

    /// <summary>A protocol.</summary>
    Protocol,

    /// <summary>A match extension.</summary>
    Match,

    /// <summary>A target, verdict or chain.</summary>
    Jump,

    /// <summary>A chain.</summary>
    Goto,

    /// <summary>One value, taken as it is.</summary>
    Literal,

    /// <summary>Two values, taken as they are.</summary>
    TwoLiterals,
}
