namespace IptablesAtom.Model;

/// <summary>What a rule or policy has seen.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Bytes.</param>
public readonly record struct Counter(ulong Packets, ulong Bytes);
