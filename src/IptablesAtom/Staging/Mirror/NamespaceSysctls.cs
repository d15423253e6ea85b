using System.IO.Enumeration;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Mirror;

/// <summary>The values under /proc/sys/net that belong to the namespace as a whole, and those for all and for new interfaces.</summary>
/// <remarks>
/// A new namespace takes its values from the compiled defaults or from the machine's first namespace, depending on net.core.devconf_inherit_init_net,
/// never from live as such; so they are copied. /proc/sys/net shows the namespace of the thread that opens it.
/// </remarks>
internal static class NamespaceSysctls
{
    private const string Root = "/proc/sys/net/";

    /// <summary>Written first: these set others, which are then compared as they came out.</summary>
    private static readonly string[] Leading =
        ["ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv6/conf/all/disable_ipv6", "ipv6/conf/all/addr_gen_mode"];

    /// <summary>Actions, secrets, and the loggers, which are modules that the namespace itself must bind.</summary>
    private static readonly string[] Left = ["flush", "stable_secret", "tcp_fastopen_key"];

    /// <summary>
    /// What new interfaces of staging have until all stands: no duplicate detection (addresses would stay tentative for a second), no
    /// router solicitations, no address of the kernel's own making.
    /// </summary>
    private static readonly (string Path, byte[] Value)[] Held =
    [
        ("ipv6/conf/all/accept_dad", "0\n"u8.ToArray()),
        ("ipv6/conf/default/accept_dad", "0\n"u8.ToArray()),
        ("ipv6/conf/default/router_solicitations", "0\n"u8.ToArray()),
        ("ipv6/conf/default/use_tempaddr", "0\n"u8.ToArray()),
        ("ipv6/conf/default/addr_gen_mode", "1\n"u8.ToArray()), // IN6_ADDR_GEN_MODE_NONE
    ];

    /// <summary>All values of the calling thread's namespace, by path under /proc/sys/net.</summary>
    internal static Dictionary<string, byte[]> ReadHere()
    {
        Dictionary<string, byte[]> values = [];
        FileSystemEnumerable<string> files = new(
            Root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !Left.Contains(entry.FileName.ToString()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => IsShared(entry),
        };
        foreach (string file in files)
        {
            if (KernelFile.TryRead(file) is { } value)
            {
                values[file[Root.Length..]] = value;
            }
        }

        return values;
    }

    /// <summary>Gives the calling thread's namespace live's values, but for the held ones.</summary>
    internal static void WriteHere(Dictionary<string, byte[]> live, MirrorResult result)
    {
        Dictionary<string, byte[]> wanted = new(live);
        foreach ((string path, byte[] value) in Held)
        {
            if (wanted.ContainsKey(path))
            {
                wanted[path] = value;
            }
        }

        foreach (string path in Leading.Where(wanted.ContainsKey).Concat(wanted.Keys.Except(Leading)))
        {
            Write(path, wanted[path], result);
        }
    }

    /// <summary>Live's values for what was held.</summary>
    internal static void ReleaseHere(Dictionary<string, byte[]> live, MirrorResult result)
    {
        foreach ((string path, _) in Held)
        {
            if (live.TryGetValue(path, out byte[]? value))
            {
                Write(path, value, result);
            }
        }
    }

    private static void Write(string path, byte[] value, MirrorResult result)
    {
        string file = Root + path;
        if (KernelFile.TryRead(file) is { } current && !current.AsSpan().SequenceEqual(value))
        {
            // Files that the kernel makes read-only here (EACCES, EPERM) belong to the whole machine.
            Errno errno = KernelFile.TryWrite(file, value);
            if (errno is not (Errno.None or Errno.EACCES or Errno.EPERM))
            {
                result.AddGap($"the sysctl net.{path.Replace('/', '.')}", LinuxException.Describe(errno));
            }
        }
    }

    private static bool IsShared(FileSystemEntry entry) =>
        entry.FileName is "nf_log" or "neigh"
            ? false
            : !entry.Directory.EndsWith("/conf") || entry.FileName is "all" or "default";
}
