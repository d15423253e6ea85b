namespace IptablesAtom.Model;

/// <summary>Where a base chain hangs.</summary>
/// <param name="Number">The kernel's hook number in the family.</param>
/// <param name="Priority">Its place among the chains of that hook.</param>
/// <param name="Type">nft: <c>filter</c>, <c>nat</c>, <c>route</c>; legacy: empty.</param>
/// <param name="Device">netdev: the device; else empty.</param>
public readonly record struct Hook(int Number, int Priority, string Type, string Device);
