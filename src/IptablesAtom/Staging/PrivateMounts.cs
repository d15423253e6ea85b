using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>
/// The mounts that a script in staging needs of its own: <c>/sys</c>, because <c>/sys/class/net</c> shows the network namespace in which it was
/// mounted, and <c>/run/xtables.lock</c>, because iptables-legacy waits for ever while another holds live's lock, and sudo
/// drops the variable that would name another file.
/// </summary>
internal static class PrivateMounts
{
    private const string LockFile = "/run/xtables.lock";

    /// <summary>Directories of which one is there on every system; it is covered for a moment, in this mount namespace alone.</summary>
    private static readonly string[] Places = ["/tmp", "/mnt", "/media", "/srv", "/opt", "/var"];

    /// <summary>Makes them, in a mount namespace just unshared.</summary>
    /// <returns>A warning about what could not be had, or an empty text.</returns>
    internal static string Make()
    {
        // Slave: what the host mounts later still comes in, nothing of ours goes out.
        LibC.Check(LibC.mount("none", "/", null, LibC.MS_REC | LibC.MS_SLAVE, null));
        string place = Places.First(Directory.Exists);
        MountNamespace.Mount("tmpfs", place, LibC.MS_NOSUID | LibC.MS_NODEV, "mode=755");
        string warning;
        try
        {
            MakeLock(place);
            warning = TryMakeSys(place);
        }
        finally
        {
            MountNamespace.Detach(place);
        }

        return warning;
    }

    /// <summary>Shows a text in the place of a file, in this mount namespace alone. The file must exist.</summary>
    internal static bool Cover(string file, ReadOnlySpan<byte> text)
    {
        string place = Places.First(Directory.Exists);
        MountNamespace.Mount("tmpfs", place, LibC.MS_NOSUID | LibC.MS_NODEV, "mode=755");
        try
        {
            KernelFile.Create($"{place}/file", text, 0x1a4 /* 0644 */);
            MountNamespace.Bind($"{place}/file", file);
        }
        finally
        {
            MountNamespace.Detach(place);
        }

        return true;
    }

    private static void MakeLock(string place)
    {
        string own = $"{place}/xtables.lock";
        CreateFile(own);
        if (!File.Exists(LockFile))
        {
            try
            {
                CreateFile(LockFile); // a bind mount needs something to cover; iptables itself creates it at its first call
            }
            catch (LinuxException)
            {
                return; // no /run, or an ordinary user, whose script gets XTABLES_LOCKFILE instead
            }
        }

        MountNamespace.Bind(own, LockFile);
    }

    /// <summary>The new sysfs hides what is mounted below the old one (cgroups, bpf, tracing): that is set aside and put back.</summary>
    private static string TryMakeSys(string place)
    {
        try
        {
            string aside = $"{place}/sys";
            MountNamespace.MakeDirectory(aside);
            List<string> below = MountsDirectlyBelow("/sys");
            MountNamespace.Bind("/sys", aside, recursive: true);
            MountNamespace.Mount("sysfs", "/sys", LibC.MS_NOSUID | LibC.MS_NODEV | LibC.MS_NOEXEC);
            foreach (string mount in below)
            {
                MountNamespace.Bind(aside + mount["/sys".Length..], mount, recursive: true);
            }

            return "";
        }
        catch (LinuxException failure)
        {
            return $"/sys shows the host's interfaces and not those of staging ({failure.Message})";
        }
    }

    /// <summary>Mount points under a directory that do not lie under another of them, from /proc/self/mountinfo (field 5, octal escapes).</summary>
    private static List<string> MountsDirectlyBelow(string directory)
    {
        List<string> found = [];
        foreach (string line in File.ReadLines("/proc/thread-self/mountinfo"))
        {
            string point = line.Split(' ', 6)[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (point.StartsWith(directory + "/", StringComparison.Ordinal)
                && !found.Exists(above => point == above || point.StartsWith(above + "/", StringComparison.Ordinal)))
            {
                found.Add(point);
            }
        }

        return found;
    }

    private static void CreateFile(string path)
    {
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180 /* 0600 */);
        if (fd == -1)
        {
            throw new LinuxException($"create {path}", LibC.LastErrno);
        }

        _ = LibC.close(fd);
    }
}
