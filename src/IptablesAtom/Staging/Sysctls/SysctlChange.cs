namespace IptablesAtom.Staging.Sysctls;

/// <summary>A sysctl, or a parameter of a kernel module, that the script set.</summary>
/// <param name="Path">The file below <c>/proc/sys</c>; that of a parameter as a whole.</param>
/// <param name="Value">The value that it left, without the line end; null when the file cannot be read, as that of a trigger.</param>
public sealed record SysctlChange(string Path, string? Value)
{
    /// <summary>The name as sysctl(8) writes it: dots and slashes change places, so that <c>eth0.10</c> stays one word; a parameter is named by its file.</summary>
    public string Name => Path.StartsWith('/') ? Path : string.Create(Path.Length, Path, static (name, path) =>
    {
        for (int i = 0; i < path.Length; i++)
        {
            name[i] = path[i] switch { '/' => '.', '.' => '/', char other => other };
        }
    });

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Value ?? "(cannot be read)"}";
}
