namespace IptablesAtom.Doctor;

/// <summary>A program that firewall scripts call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The file that PATH gives; null if there is none.</param>
/// <param name="Version">Its version; null if it is not there or does not say.</param>
/// <param name="Backend">"nft" or "legacy" for a tool of the iptables family; else null.</param>
/// <param name="Purpose">What does not work without it.</param>
/// <param name="IsRequired">True if hardly any script does without it.</param>
public sealed record FirewallTool(string Name, string? Path, string? Version, string? Backend, string Purpose, bool IsRequired);
