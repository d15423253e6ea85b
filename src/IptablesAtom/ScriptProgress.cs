namespace IptablesAtom;

/// <summary>How far a running script is.</summary>
/// <param name="Commands">Calls of firewall tools so far.</param>
/// <param name="Rules">Those of them that add a rule (<c>-A</c>, <c>-I</c>).</param>
/// <param name="Elapsed">Since the script was started.</param>
public readonly record struct ScriptProgress(int Commands, int Rules, TimeSpan Elapsed);
