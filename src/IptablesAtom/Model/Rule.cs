namespace IptablesAtom.Model;

/// <summary>One rule of a chain.</summary>
/// <remarks>
/// The kernel's own bytes are the truth (<see cref="Raw"/>): what this code has never heard of survives the way from one
/// namespace to the other. The decoded members serve the comparison, the plan and the order of operations.
/// Immutable, but for <see cref="Text"/> and <see cref="Origin"/>, which are added for people.
/// </remarks>
public sealed class Rule
{
    /// <summary>nft: the value of NFTA_RULE_EXPRESSIONS as dumped. Legacy: the entry (ipt_entry...) with its counters zeroed and jump verdicts of 0.</summary>
    public required byte[] Raw { get; init; }

    /// <summary>nft: the value of NFTA_RULE_USERDATA as dumped (the comment); else empty.</summary>
    public byte[] UserData { get; init; } = [];

    /// <summary>Equality.</summary>
    public required RuleKey Key { get; init; }

    /// <summary>nft: the kernel's handle, unique in the table; 0 for legacy. In one table, a rule made later has a larger one.</summary>
    public ulong Handle { get; init; }

    /// <summary>The user chain that the rule jumps or goes to, or null.</summary>
    public string? Jump { get; init; }

    /// <summary>True if it is a goto.</summary>
    public bool IsGoto { get; init; }

    /// <summary>The ipsets that the rule names, and where.</summary>
    public IReadOnlyList<SetReference> Sets { get; init; } = [];

    /// <summary>What it has seen.</summary>
    public Counter Counter { get; init; }

    /// <summary>nft: the anonymous sets and bound chains that come and go with the rule, or null.</summary>
    public object? Extra { get; init; }

    /// <summary>The rule in <c>iptables-save</c> words from <c>-A</c> on, without counters; null until it was asked for.</summary>
    public string? Text { get; set; }

    /// <summary>Where the script made it, if known.</summary>
    public Origin? Origin { get; set; }

    /// <summary>A copy with other bytes, in which no index of a set is left to be filled in.</summary>
    /// <param name="raw">The bytes.</param>
    internal Rule WithRaw(byte[] raw) => WithBytes(raw, []);

    /// <summary>A copy with other bytes, references to sets at the same places.</summary>
    /// <param name="raw">The bytes.</param>
    internal Rule WithBytes(byte[] raw) => WithBytes(raw, Sets);

    private Rule WithBytes(byte[] raw, IReadOnlyList<SetReference> sets) => new()
    {
        Raw = raw,
        UserData = UserData,
        Key = Key,
        Handle = Handle,
        Jump = Jump,
        IsGoto = IsGoto,
        Sets = sets,
        Counter = Counter,
        Text = Text,
        Origin = Origin,
    };

    /// <summary>The same rule as it stands elsewhere.</summary>
    /// <param name="handle">Its handle there.</param>
    /// <param name="counter">What it has seen there.</param>
    internal Rule At(ulong handle, Counter counter) => new()
    {
        Raw = Raw,
        UserData = UserData,
        Key = Key,
        Handle = handle,
        Jump = Jump,
        IsGoto = IsGoto,
        Sets = Sets,
        Counter = counter,
        Extra = Extra,
        Text = Text,
        Origin = Origin,
    };

    /// <summary>A legacy rule that leads to another chain.</summary>
    /// <param name="chain">The chain.</param>
    internal Rule WithJump(string chain) => new()
    {
        Raw = Raw,
        Key = Key,
        Jump = chain,
        IsGoto = IsGoto,
        Sets = Sets,
        Counter = Counter,
        Text = Text,
        Origin = Origin,
    };
}
