namespace IptablesAtom.Tests.Architecture;

/// <summary>A file of the project's own source.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record SourceFile(string Path, string[] Lines)
{
    private static readonly string[] Folders = ["src", "tests", "bench"];

    internal static string Root { get; } = FindRoot();

    /// <summary>All C# files.</summary>
    internal static IReadOnlyList<SourceFile> All { get; } =
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => new SourceFile(System.IO.Path.GetRelativePath(Root, path), File.ReadAllLines(path)))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal)),
    ];

    /// <summary>Those that are shipped.</summary>
    internal static IEnumerable<SourceFile> Shipped => All.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory, "IptablesAtom.slnx")))
        {
            directory = System.IO.Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the tests do not stand in the project's tree");
    }
}
