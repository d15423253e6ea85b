using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging;
using StagingPrivileges = IptablesAtom.Staging.Privileges;

namespace IptablesAtom.Doctor;

/// <summary>What the tool needs of the kernel besides netfilter, and who the caller is.</summary>
internal static class SystemChecks
{
    private const int W_OK = 2;

    internal static Check Privileges()
    {
        IReadOnlyList<string> missing = StagingPrivileges.Missing;
        return missing.Count == 0
            ? new Check("privileges", CheckState.Works, "CAP_NET_ADMIN and CAP_SYS_ADMIN are there")
            : new Check("privileges", CheckState.Fatal, $"{string.Join(" and ", missing)} missing",
                Environment.UserName == "root" ? "run it outside of this container, or give the container these capabilities" : "run it as root: sudo iptables-atom (plan and build work without)");
    }

    internal static Check Staging(Errno network, Errno mount) => (network, mount) switch
    {
        (Errno.None, Errno.None) => new Check("staging", CheckState.Works, "network and mount namespaces can be made"),
        (not Errno.None, _) => new Check("staging", CheckState.Fatal, $"no network namespace can be made: {LinuxException.Describe(network)}",
            "a kernel with CONFIG_NET_NS, and CAP_SYS_ADMIN, are needed"),
        _ => new Check("staging", CheckState.Fatal, $"no mount namespace can be made: {LinuxException.Describe(mount)}", "CAP_SYS_ADMIN is needed"),
    };

    internal static Check Tun() => LibC.access("/dev/net/tun", W_OK) == 0
        ? new Check("tun", CheckState.Works, "interfaces can be mirrored into staging (/dev/net/tun)")
        : new Check("tun", CheckState.Missing, "no /dev/net/tun: the script cannot be shown the host's interfaces",
            "modprobe tun; in a container, give it the device /dev/net/tun");

    internal static Check SeccompNotify()
    {
        if (Seccomp.HasNotifications())
        {
            return new Check("seccomp-notify", CheckState.Works, "the script's own connections can go out through the host's network (seccomp notification)");
        }

        string fetches = ProgramPath.TryFind("passt") is null ? "fetch nothing" : "fetch by passt what its own rules let through";
        return new Check("seccomp-notify", CheckState.Missing, $"no seccomp notification: while it is staged, the script can resolve names, and {fetches}",
            "a kernel of version 5.9 or later, outside of a container that filters seccomp(2); else install passt");
    }

    internal static Check UserNamespaces()
    {
        const string what = "staging without root";
        return UserNamespace.Obstacle() switch
        {
            null when !File.Exists("/proc/sys/user/max_user_namespaces") => new Check("user-namespaces", CheckState.Missing, $"{what}: this kernel has no user namespaces"),
            null => new Check("user-namespaces", CheckState.Works, $"{what}: user namespaces are allowed"),
            { ToAll: true } never => new Check("user-namespaces", CheckState.Missing, $"{what}: {never.Setting}"),
            { } limit => new Check("user-namespaces", CheckState.Limited, $"{what}: {limit.Setting}"),
        };
    }

    internal static Check Cgroup()
    {
        const string what = "ending all that a script left running at once";
        string? own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        if (own is null || !File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            return new Check("cgroup", CheckState.Limited, $"{what}: no unified cgroup hierarchy, processes are ended one by one");
        }

        string directory = $"/sys/fs/cgroup{own}";
        return LibC.access(directory, W_OK) == 0
            ? new Check("cgroup", CheckState.Works, $"{what}: {directory} is writable")
            : new Check("cgroup", CheckState.Limited, $"{what}: {directory} is not writable, processes are ended one by one");
    }
}
