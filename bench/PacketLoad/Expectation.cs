namespace IptablesAtom.Load;

/// <summary>What the old and the new firewall both do with the packets of a class.</summary>
public enum Expectation
{
    /// <summary>Both let them through: one that does not arrive was wrongly dropped.</summary>
    Accepted,
    /// <summary>Both stop them: one that arrives was wrongly accepted.</summary>
    Dropped,
    /// <summary>They differ: nothing is wrong, but the class shows that the firewall did change.</summary>
    Either,
}
