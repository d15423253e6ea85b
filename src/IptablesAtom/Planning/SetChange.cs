using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>An ipset that will differ from live.</summary>
/// <param name="Name">Which.</param>
/// <param name="Live">As the plan found it; null if it is not there.</param>
/// <param name="Desired">As it shall be; null if it shall not be there.</param>
public sealed record SetChange(string Name, IpSet? Live, IpSet? Desired);
