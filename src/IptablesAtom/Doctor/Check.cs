namespace IptablesAtom.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">A stable name, for programs.</param>
/// <param name="State">The result.</param>
/// <param name="Finding">What was found, for people.</param>
/// <param name="Advice">What to do about it; null if there is nothing to do.</param>
public sealed record Check(string Name, CheckState State, string Finding, string? Advice = null);
