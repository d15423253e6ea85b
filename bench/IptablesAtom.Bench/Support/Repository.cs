namespace IptablesAtom.Bench.Support;

/// <summary>Where things are.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    /// <summary>The published program.</summary>
    internal static string Program => File.Exists(Path.Combine(Root, "bin/iptables-atom"))
        ? Path.Combine(Root, "bin/iptables-atom")
        : throw new InvalidOperationException("bin/iptables-atom is not there: run ./build first");

    internal static string Example(string name) => Path.Combine(Root, "examples", name);

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "IptablesAtom.slnx")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("run this from the project's own tree");
    }
}
