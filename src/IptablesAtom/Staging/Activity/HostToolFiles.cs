using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging.Activity;

/// <summary>The files of the <see cref="HostTools"/> on this machine.</summary>
internal sealed class HostToolFiles
{
    private const string InitDirectory = "/etc/init.d";

    private HostToolFiles(SortedDictionary<string, string> byName, IReadOnlyList<string> files) => (ByName, Files) = (byName, files);

    /// <summary>None.</summary>
    internal static HostToolFiles None { get; } = new([], []);

    /// <summary>For each name that was found, the file behind it.</summary>
    internal SortedDictionary<string, string> ByName { get; }

    /// <summary>The files to stand before, each once.</summary>
    internal IReadOnlyList<string> Files { get; }

    /// <summary>Looks for them, as the calling thread sees the files.</summary>
    /// <param name="script">The script's own file, which is not stood before.</param>
    /// <param name="path">The script's PATH; null for ours.</param>
    internal static HostToolFiles Find(string? script, string? path = null)
    {
        SortedDictionary<string, string> byName = new(StringComparer.Ordinal);
        SortedSet<string> files = new(StringComparer.Ordinal);
        // Each once, though /sbin is often a link to /usr/sbin: hundreds of names are looked for in each.
        string[] directories = [.. ToolFiles.SearchPath(path).Select(ToolFiles.Resolve).OfType<string>().Distinct(StringComparer.Ordinal)];
        string? own = script is null ? null : ToolFiles.Resolve(script);
        foreach (string name in HostTools.Names)
        {
            foreach (string directory in directories)
            {
                if (ToolFiles.Resolve($"{directory}/{name}") is { } file && IsMet(file, own))
                {
                    byName.TryAdd(name, file);
                    files.Add(file);
                }
            }
        }

        foreach (string file in Directory.Exists(InitDirectory) ? Directory.EnumerateFiles(InitDirectory) : [])
        {
            if (LibC.access(file, LibC.X_OK) == 0 && ToolFiles.Resolve(file) is { } real && real.StartsWith(InitDirectory, StringComparison.Ordinal) && real != own)
            {
                files.Add(real);
            }
        }

        return new HostToolFiles(byName, [.. files]);
    }

    /// <summary>Not the script itself, unless it is a program by one of these names that was asked for alone; and not one file that is hundreds of programs.</summary>
    private static bool IsMet(string file, string? own) =>
        Path.GetFileName(file) is not ("busybox" or "toybox" or "true") && (file != own || HostTools.Names.Contains(Path.GetFileName(file)));
}
