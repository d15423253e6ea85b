using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>The files of <c>/proc/sys</c> as the calling thread's network namespace shows them.</summary>
internal static class SysctlTree
{
    internal const string Root = "/proc/sys";

    /// <summary>
    /// Every file with its mode, below a directory of <see cref="Root"/> ("" for all). Left out: the directories of single interfaces, which all
    /// namespaces have alike, and binfmt_misc, which is mounted when looked at.
    /// </summary>
    internal static Dictionary<string, UnixFileMode> List(string below)
    {
        Dictionary<string, UnixFileMode> files = new(StringComparer.Ordinal);
        Walk(below, files);
        return files;
    }

    /// <summary>A file's value without the line end; null when it cannot be read.</summary>
    internal static string? Read(string path) =>
        KernelFile.TryRead($"{Root}/{path}") is byte[] bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    /// <summary>Equal but for the blanks between numbers: the kernel writes tabs where people write spaces.</summary>
    internal static bool SameValue(string one, string other) =>
        one.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SequenceEqual(other.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    internal static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";

    internal static string Parent(string path) => path.LastIndexOf('/') is var slash && slash < 0 ? "" : path[..slash];

    private static void Walk(string directory, Dictionary<string, UnixFileMode> files)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(Root + "/" + directory).EnumerateFileSystemInfos())
        {
            string path = Join(directory, entry.Name);
            if (entry is not DirectoryInfo)
            {
                files[path] = entry.UnixFileMode;
            }
            else if (!IsOfOneInterface(directory, entry.Name) && path != "fs/binfmt_misc")
            {
                Walk(path, files);
            }
        }
    }

    private static bool IsOfOneInterface(string directory, string name) =>
        name is not ("all" or "default") && directory is "net/ipv4/conf" or "net/ipv6/conf" or "net/ipv4/neigh" or "net/ipv6/neigh";
}
