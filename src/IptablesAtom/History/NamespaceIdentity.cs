using System.Globalization;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.History;

/// <summary>The name under which something of a network namespace is kept.</summary>
internal static class NamespaceIdentity
{
    private const ulong InitialInode = 0xefff_fff9; // PROC_NET_INIT_INO, since Linux 6.18
    private const string Prefix = "netns-";

    /// <summary><c>host</c> for the namespace of the first process, whose firewall is the same after a reboot; else <c>netns-BOOT-NUMBER</c>.</summary>
    internal static string NameOf(NetworkNamespace target) => IsHost(target)
        ? "host"
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{BootId()}-{target.Cookie}");

    /// <summary>True if that is the name of a namespace of an earlier boot, which can never come back.</summary>
    internal static bool IsOfEarlierBoot(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && !name.StartsWith($"{Prefix}{BootId()}-", StringComparison.Ordinal);

    private static bool IsHost(NetworkNamespace target)
    {
        if (target.Identity.Inode == InitialInode)
        {
            return true;
        }

        try
        {
            using NetworkNamespace first = NetworkNamespace.OfProcess(1);
            return first.Identity == target.Identity;
        }
        catch (NamespaceException)
        {
            return false; // Looking at the first process needs CAP_SYS_PTRACE, which a container may lack.
        }
    }

    private static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim().Replace("-", "", StringComparison.Ordinal);
}
