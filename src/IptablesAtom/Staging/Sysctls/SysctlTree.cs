using System.IO.Enumeration;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>The files and directories of <c>/proc/sys</c> as one network namespace shows them.</summary>
/// <remarks>
/// Left out: the directories of single interfaces, which all namespaces have alike, and binfmt_misc, which is mounted when looked at.
/// </remarks>
internal sealed class SysctlTree
{
    internal const string Root = "/proc/sys";

    /// <summary>The directory of what belongs to the network namespace.</summary>
    internal const string Net = "net";

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false };

    private SysctlTree()
    {
    }

    /// <summary>Every file, by path.</summary>
    internal Dictionary<string, SysctlFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Every directory, parents first. Not looked into: those of single interfaces.</summary>
    internal List<string> Directories { get; } = [];

    /// <summary>Reads what the calling thread sees of <see cref="Net"/>.</summary>
    internal static SysctlTree ReadNetHere()
    {
        SysctlTree tree = new();
        tree.Directories.Add(Net);
        tree.Walk(Net);
        return tree;
    }

    /// <summary>Reads all else, which is the same in every network namespace; the values of what can be set.</summary>
    internal static SysctlTree ReadOthers()
    {
        SysctlTree tree = new();
        tree.Walk("");
        return tree;
    }

    /// <summary>This one with the files and directories of another one.</summary>
    internal SysctlTree With(SysctlTree other)
    {
        foreach ((string path, SysctlFile file) in other.Files)
        {
            Files.Add(path, file);
        }

        Directories.AddRange(other.Directories);
        return this;
    }

    /// <summary>A file's value without the line end; null when it cannot be read.</summary>
    internal static string? Read(string path) =>
        KernelFile.TryRead(FileOf(path)) is byte[] bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    /// <summary>The whole path of a sysctl's file; a path that begins with a slash is that of something else (<see cref="ModuleParameters"/>).</summary>
    internal static string FileOf(string path) => path.StartsWith('/') ? path : $"{Root}/{path}";

    /// <summary>Equal but for the blanks between numbers, where the kernel writes tabs and people write spaces, and but for the two words of a truth value.</summary>
    internal static bool SameValue(string one, string other) => Words(one).SequenceEqual(Words(other));

    private static IEnumerable<string> Words(string value) => value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word switch { "Y" or "y" => "1", "N" or "n" => "0", _ => word });

    /// <summary>The directory that a path is in; "" is the root.</summary>
    internal static string Parent(string path) => path.LastIndexOf('/') is var slash && slash < 0 ? "" : path[..slash];

    /// <summary>True for a directory of the settings of interfaces; "all" and "default" in it are no interfaces.</summary>
    internal static bool IsOfInterfaces(string directory) =>
        directory is "net/ipv4/conf" or "net/ipv6/conf" or "net/ipv4/neigh" or "net/ipv6/neigh";

    private void Walk(string directory)
    {
        // The entry's kind comes with its name.
        FileSystemEnumerable<(string Name, bool IsDirectory)> entries = new(
            $"{Root}/{directory}", static (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), Everything);
        foreach ((string name, bool isDirectory) in entries)
        {
            string path = directory.Length == 0 ? name : $"{directory}/{name}";
            if (!isDirectory)
            {
                Files[path] = SysctlFile.Read($"{Root}/{path}", onlyWritable: !path.StartsWith("net/", StringComparison.Ordinal));
            }
            else if (path != Net)
            {
                Directories.Add(path);
                if ((name is "all" or "default" || !IsOfInterfaces(directory)) && path != "fs/binfmt_misc")
                {
                    Walk(path);
                }
            }
        }
    }
}
