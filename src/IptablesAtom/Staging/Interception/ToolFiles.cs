using System.Runtime.InteropServices;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>The firewall tools of this machine: names, and the files that the names end at.</summary>
internal sealed unsafe class ToolFiles
{
    private static readonly string[] Directories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private static readonly string[] Names =
    [
        .. from tool in new[] { "iptables", "ip6tables", "arptables", "ebtables" }
           from backend in new[] { "", "-legacy", "-nft" }
           from applet in new[] { "", "-save", "-restore" }
           select tool + backend + applet,
        "ipset", "nft", "xtables-legacy-multi", "xtables-nft-multi",
    ];

    private readonly SortedDictionary<string, string> _fileOfPath;

    private ToolFiles(SortedDictionary<string, string> byName, SortedDictionary<string, string> fileOfPath) =>
        (ByName, _fileOfPath) = (byName, fileOfPath);

    /// <summary>For each name, the file behind the first one in the order of directories.</summary>
    internal SortedDictionary<string, string> ByName { get; }

    /// <summary>Every path under which a tool was found.</summary>
    internal IReadOnlyCollection<string> Paths => _fileOfPath.Keys;

    /// <summary>The files to stand before, each once.</summary>
    internal IEnumerable<string> Files => _fileOfPath.Values.Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Where the rules of plain <c>iptables</c> go; null if its file has no name that says so, or if the name means one thing here and another there: the
    /// directory from which a tool was called is not always known.
    /// </summary>
    internal Backend? Plain => !ByName.TryGetValue("iptables", out string? file)
        || _fileOfPath.Any(entry => entry.Key.EndsWith("/iptables", StringComparison.Ordinal) && entry.Value != file) ? null
        : file.EndsWith("-nft-multi", StringComparison.Ordinal) ? Backend.Nft
        : file.EndsWith("-legacy-multi", StringComparison.Ordinal) ? Backend.Legacy
        : null;

    /// <summary>Looks for them, as the calling thread sees the files.</summary>
    /// <param name="path">The script's PATH; null for ours.</param>
    internal static ToolFiles Find(string? path = null)
    {
        SortedDictionary<string, string> byName = new(StringComparer.Ordinal);
        SortedDictionary<string, string> paths = new(StringComparer.Ordinal);
        string[] directories = [.. SearchPath(path)];
        foreach (string name in Names)
        {
            foreach (string place in directories.Select(directory => $"{directory}/{name}"))
            {
                if (Resolve(place) is { } file)
                {
                    byName.TryAdd(name, file);
                    paths.TryAdd(place, file);
                }
            }
        }

        return new ToolFiles(byName, paths);
    }

    /// <summary>The directories of a PATH (null: ours), and after them those in which such tools are.</summary>
    internal static IEnumerable<string> SearchPath(string? path) => (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(Path.IsPathRooted).Select(directory => directory.TrimEnd('/')).Union(Directories);

    /// <summary>The file behind a path; null if there is none.</summary>
    internal static string? Resolve(string path)
    {
        if (LibC.access(path, 0) == -1) // F_OK: most are not there, and realpath looks at each directory on the way
        {
            return null;
        }

        byte* resolved = stackalloc byte[4096];
        return LibC.realpath(path, resolved) == 0 ? null : Marshal.PtrToStringUTF8((nint)resolved);
    }
}
