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

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false };

    private SysctlTree()
    {
    }

    /// <summary>Every file with its mode.</summary>
    internal Dictionary<string, UnixFileMode> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Every directory, parents first. Not looked into: those of single interfaces.</summary>
    internal List<string> Directories { get; } = [];

    /// <summary>Reads what the calling thread sees below a directory of <see cref="Root"/>; "" is all.</summary>
    internal static SysctlTree List(string below)
    {
        SysctlTree tree = new();
        tree.Walk(below);
        return tree;
    }

    /// <summary>A file's value without the line end; null when it cannot be read.</summary>
    internal static string? Read(string path) =>
        KernelFile.TryRead($"{Root}/{path}") is byte[] bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    /// <summary>Equal but for the blanks between numbers: the kernel writes tabs where people write spaces.</summary>
    internal static bool SameValue(string one, string other) =>
        one.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SequenceEqual(other.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The directory that a path is in; "" is the root.</summary>
    internal static string Parent(string path) => path.LastIndexOf('/') is var slash && slash < 0 ? "" : path[..slash];

    private void Walk(string directory)
    {
        // The entry's kind comes with its name; only files are asked for their mode.
        FileSystemEnumerable<(string Name, bool IsDirectory)> entries = new(
            $"{Root}/{directory}", static (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), Everything);
        foreach ((string name, bool isDirectory) in entries)
        {
            string path = directory.Length == 0 ? name : $"{directory}/{name}";
            if (!isDirectory)
            {
                Files[path] = File.GetUnixFileMode($"{Root}/{path}");
                continue;
            }

            Directories.Add(path);
            if (!IsOfOneInterface(directory, name) && path != "fs/binfmt_misc")
            {
                Walk(path);
            }
        }
    }

    private static bool IsOfOneInterface(string directory, string name) =>
        name is not ("all" or "default") && directory is "net/ipv4/conf" or "net/ipv6/conf" or "net/ipv4/neigh" or "net/ipv6/neigh";
}
