namespace IptablesAtom.Staging.Interception;

/// <summary>How calls of firewall tools are made faster.</summary>
internal enum Acceleration
{
    /// <summary>Not at all: each is the real tool's (--exact).</summary>
    None,

    /// <summary>They are batched; the script waits for each answer.</summary>
    Waiting,

    /// <summary>Likewise; a shell that does not look at the answers goes on before they come.</summary>
    GoingAhead,
}
