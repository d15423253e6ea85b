namespace IptablesAtom.Bundles;

/// <summary>One file of a bundle.</summary>
/// <param name="Name">Its name, without directories.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Tool">The first line of the version of the tool that wrote it; null for our own.</param>
internal sealed record BundleFile(string Name, byte[] Content, string? Tool);
