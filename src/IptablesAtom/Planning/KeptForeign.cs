namespace IptablesAtom.Planning;

/// <summary>Foreign things that a changed table keeps.</summary>
/// <param name="Program">Whose they are, for example <c>Docker</c>; empty for unknown ones.</param>
/// <param name="Rules">Number of rules.</param>
/// <param name="Chains">Number of user chains.</param>
public sealed record KeptForeign(string Program, int Rules, int Chains);
