namespace IptablesAtom.Staging.Interception;

/// <summary>
/// As much of a rule as can be compared with certainty: "" is "not given", "*" is "may be anything". Two sketches that
/// differ in a part, neither of them "*" there, belong to different rules; equal sketches say nothing.
/// </summary>
internal readonly record struct RuleSketch(string Source, string Destination, string Protocol, string Jump, string Port)
{
    /// <summary>The part that can be anything.</summary>
    internal const string Any = "*";

    /// <summary>True if a part can be anything.</summary>
    internal bool IsWild => Source == Any || Destination == Any || Protocol == Any || Jump == Any || Port == Any;

    /// <summary>True if both can be sketches of one rule.</summary>
    internal bool CanEqual(RuleSketch other) => Part(Source, other.Source) && Part(Destination, other.Destination)
        && Part(Protocol, other.Protocol) && Part(Jump, other.Jump) && Part(Port, other.Port);

    private static bool Part(string one, string two) => one == two || one == Any || two == Any;
}
