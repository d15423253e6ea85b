namespace IptablesAtom.Staging.Interception;

/// <summary>The rule of a call, as its words say: what the kernel's judgement can depend on, and a sketch for comparing.</summary>
internal sealed class RuleWords
{
    private static readonly string[] Verdicts = ["ACCEPT", "DROP", "RETURN"];

    /// <summary>The protocol word with its negation; "" if not given.</summary>
    internal string Protocol { get; set; } = "";

    /// <summary>Addresses, interfaces, ports: what needs no extension but the protocol's.</summary>
    internal string Base { get; set; } = "";

    /// <summary>The matches, in order.</summary>
    internal List<RuleAtom> Matches { get; } = [];

    /// <summary>Target, verdict or chain with its options; null if the rule has none.</summary>
    internal RuleAtom? Target { get; set; }

    /// <summary>True if it was given as a goto.</summary>
    internal bool IsGoto { get; set; }

    /// <summary>True if every value is one that iptables is sure to take.</summary>
    internal bool HasValidValues { get; set; } = true;

    internal string Source { get; set; } = "";

    internal string Destination { get; set; } = "";

    internal string SketchProtocol { get; set; } = "";

    internal string Port { get; set; } = "";

    /// <summary>True if it refers to sets, which come and go without the table's knowing.</summary>
    internal bool NamesSets => Target?.Name == "SET" || Matches.Exists(match => match.Name == "set");

    /// <summary>True if the target is ACCEPT, DROP or RETURN.</summary>
    internal bool IsVerdict => !IsGoto && Target is { } target && Array.IndexOf(Verdicts, target.Name) >= 0;

    /// <summary>The sketch; whether a target is a chain depends on the chains there are.</summary>
    internal RuleSketch Sketch(TableModel model) => new(Source, Destination, SketchProtocol, JumpPart(model), Port);

    private string JumpPart(TableModel model) => Target is not { } target ? ""
        : !IsGoto && (IsVerdict || model.Find(target.Name) is not null) ? target.Name
        : RuleSketch.Any;
}
