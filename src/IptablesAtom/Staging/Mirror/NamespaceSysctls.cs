using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom.Staging.Mirror;

/// <summary>The values under /proc/sys/net that belong to the namespace as a whole, and those for all and for new interfaces.</summary>
/// <remarks>
/// A new namespace takes its values from the compiled defaults or from the machine's first namespace, depending on net.core.devconf_inherit_init_net,
/// never from live as such; so they are copied. /proc/sys/net shows the namespace of the thread that opens it.
/// </remarks>
internal static class NamespaceSysctls
{
    /// <summary>Written first: these set others, which are then compared as they came out.</summary>
    private static readonly string[] Leading =
        ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/ipv6/conf/all/disable_ipv6", "net/ipv6/conf/all/addr_gen_mode"];

    /// <summary>Actions, secrets, and the loggers, which are modules that the namespace itself must bind.</summary>
    private static readonly string[] Left = ["flush", "stable_secret", "tcp_fastopen_key"];

    /// <summary>
    /// What new interfaces of staging have until all stands: no duplicate detection (addresses would stay tentative for a second), no
    /// router solicitations, no address of the kernel's own making.
    /// </summary>
    private static readonly (string Path, byte[] Value)[] Held =
    [
        ("net/ipv6/conf/all/accept_dad", "0\n"u8.ToArray()),
        ("net/ipv6/conf/default/accept_dad", "0\n"u8.ToArray()),
        ("net/ipv6/conf/default/router_solicitations", "0\n"u8.ToArray()),
        ("net/ipv6/conf/default/use_tempaddr", "0\n"u8.ToArray()),
        ("net/ipv6/conf/default/addr_gen_mode", "1\n"u8.ToArray()), // IN6_ADDR_GEN_MODE_NONE
    ];

    /// <summary>Gives the calling thread's namespace live's values, but for the held ones.</summary>
    /// <param name="live">Live's <c>net</c>.</param>
    /// <param name="own">The calling thread's.</param>
    /// <param name="result">Hears what the kernel refused.</param>
    internal static void WriteHere(SysctlTree live, SysctlTree own, MirrorResult result)
    {
        Dictionary<string, byte[]> wanted = Mirrored(live);
        foreach ((string path, byte[] value) in Held.Where(held => wanted.ContainsKey(held.Path)))
        {
            wanted[path] = value;
        }

        bool othersChanged = false;
        foreach (string path in Leading.Where(wanted.ContainsKey))
        {
            othersChanged |= Write(path, wanted[path], own.Files.GetValueOrDefault(path).Value, result);
        }

        foreach ((string path, byte[] value) in wanted.Where(entry => !Leading.Contains(entry.Key)))
        {
            bool isKnown = !othersChanged || !path.Contains("/conf/", StringComparison.Ordinal);
            Write(path, value, isKnown ? own.Files.GetValueOrDefault(path).Value : KernelFile.TryRead(FileOf(path)), result);
        }
    }

    /// <summary>Live's values for what was held.</summary>
    internal static void ReleaseHere(SysctlTree live, MirrorResult result)
    {
        foreach ((string path, _) in Held)
        {
            if (live.Files.GetValueOrDefault(path).Value is { } value)
            {
                Write(path, value, KernelFile.TryRead(FileOf(path)), result);
            }
        }
    }

    private static Dictionary<string, byte[]> Mirrored(SysctlTree live) => live.Files
        .Where(file => file.Value is { IsWritable: true, Value: not null } && !Left.Contains(file.Key[(file.Key.LastIndexOf('/') + 1)..])
            && !file.Key.Contains("/nf_log/", StringComparison.Ordinal) && !file.Key.Contains("/neigh/", StringComparison.Ordinal))
        .ToDictionary(file => file.Key, file => file.Value.Value!, StringComparer.Ordinal);

    /// <summary>Writes where it differs. A file without a value here is not there, or belongs to the whole machine (the kernel makes it read-only).</summary>
    private static bool Write(string path, byte[] value, byte[]? current, MirrorResult result)
    {
        if (current is null || current.AsSpan().SequenceEqual(value))
        {
            return false;
        }

        Errno errno = KernelFile.TryWrite(FileOf(path), value);
        if (errno is not (Errno.None or Errno.EACCES or Errno.EPERM))
        {
            result.AddGap($"the sysctl {path.Replace('/', '.')}", LinuxException.Describe(errno));
        }

        return true;
    }

    private static string FileOf(string path) => $"{SysctlTree.Root}/{path}";
}
