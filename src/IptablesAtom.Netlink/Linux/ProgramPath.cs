namespace IptablesAtom.Netlink.Linux;

/// <summary>Finds programs by name.</summary>
internal static class ProgramPath
{
    /// <summary>Where firewall tools are, which the PATH of an ordinary user often lacks.</summary>
    private static readonly string[] SystemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>The file of a program of the system: a path as it is, a name on PATH and in the system's own directories.</summary>
    /// <exception cref="ProgramMissingException">It is not there.</exception>
    internal static string Find(string program) => TryFind(program) ?? throw new ProgramMissingException(program);

    /// <summary>As <see cref="Find"/>; null when it is not there.</summary>
    internal static string? TryFind(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? (IsProgram(program) ? program : null)
            : Search(program, [.. PathDirectories(), .. SystemDirectories]);

    /// <summary>The first executable file of that name on PATH, as a shell finds it; null when there is none.</summary>
    internal static string? FindOnPath(string name) => Search(name, PathDirectories());

    /// <summary>The directories of PATH; an empty one is the current directory.</summary>
    private static string[] PathDirectories() =>
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Select(d => d.Length == 0 ? "." : d)];

    private static string? Search(string name, IEnumerable<string> directories) =>
        directories.Select(directory => $"{directory}/{name}").FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) => File.Exists(path) && LibC.access(path, LibC.X_OK) == 0;
}
