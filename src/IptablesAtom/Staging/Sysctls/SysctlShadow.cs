using System.Text;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>
/// A <c>/proc/sys</c> of staging's own, on which a script can set everything that it could set on live, and from which nothing reaches the host.
/// </summary>
/// <remarks>
/// <para>Model: what belongs to the network namespace is staging's own real file. What does not (kernel.*, vm.*, fs.*), and what only the
/// initial namespace has or lets be written (net.core.default_qdisc, net.netfilter.nf_conntrack_max), is a plain file with live's value.</para>
/// <para>Which sysctls the script set is asked of inotify and not found by comparing: one write can change others (ip_forward changes
/// accept_redirects), and only the script's own writes, in their order, have the same effect on live.</para>
/// <para>What the kernel guarantees: /proc/sys/net is looked up by the network namespace of the calling thread; a bind mount keeps its directory;
/// inotify reports every write that succeeded. A plain file takes any value: what the kernel would have refused is found at the commit.</para>
/// <para>Threading: made, read and disposed of by one thread at a time.</para>
/// </remarks>
public sealed class SysctlShadow : IDisposable
{
    /// <summary>An empty directory that every /proc has; a tree is built on it and then moved to its place at once.</summary>
    private const string BuildPlace = "/proc/driver";

    private readonly StagingNamespace _staging;
    private readonly ChangeWatch _watch = new();

    private SysctlShadow(StagingNamespace staging) => _staging = staging;

    /// <summary>
    /// Makes it, when the mirror has set staging's sysctls to live's values and before the script runs: what is written from now on counts as the script's.
    /// </summary>
    /// <param name="staging">The namespace whose script waits.</param>
    /// <param name="live">Whose values are shown.</param>
    /// <exception cref="StagingException">It cannot be made; then a script could change the host, so it must not run.</exception>
    public static SysctlShadow Make(StagingNamespace staging, NetworkNamespace live)
    {
        SysctlShadow shadow = new(staging);
        try
        {
            (Dictionary<string, UnixFileMode> files, Dictionary<string, byte[]> values) = live.Run(ReadLive);
            staging.RunInside(() =>
            {
                shadow.Build(files, values);
                return true;
            });
            return shadow;
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException)
        {
            shadow.Dispose();
            throw new StagingException($"the script's sysctls cannot be kept from the host: {failure.Message}", failure);
        }
    }

    /// <summary>What the script set until now, in the order in which it did.</summary>
    /// <exception cref="StagingException">There were more writes than the kernel remembers.</exception>
    public IReadOnlyList<SysctlChange> Read()
    {
        List<string> written = _watch.Take()
            ?? throw new StagingException("the script set sysctls more often than the kernel can tell (/proc/sys/fs/inotify/max_queued_events): raise that number");
        return _staging.RunInside(() => written.ConvertAll(path => new SysctlChange(path, SysctlTree.Read(path))));
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    /// <summary>All files of live, and the values of those of which staging may need a copy: outside net/ what can be written, inside what is no interface's.</summary>
    private static (Dictionary<string, UnixFileMode> Files, Dictionary<string, byte[]> Values) ReadLive()
    {
        Dictionary<string, UnixFileMode> files = SysctlTree.List("");
        Dictionary<string, byte[]> values = new(StringComparer.Ordinal);
        foreach ((string path, UnixFileMode mode) in files)
        {
            if (IsNet(path) ? !path.Contains("/conf/", StringComparison.Ordinal) : IsWritable(mode))
            {
                values[path] = KernelFile.TryRead($"{SysctlTree.Root}/{path}") ?? [];
            }
        }

        return (files, values);
    }

    private void Build(Dictionary<string, UnixFileMode> live, Dictionary<string, byte[]> values)
    {
        Dictionary<string, UnixFileMode> own = SysctlTree.List("net");
        HashSet<string> copied = [.. live.Where(file => IsCopied(file.Key, file.Value, own)).Select(file => file.Key)];
        HashSet<string> split = ["", "net"];
        foreach (string path in copied)
        {
            for (string directory = SysctlTree.Parent(path); split.Add(directory);)
            {
                directory = SysctlTree.Parent(directory);
            }
        }

        MountNamespace.Mount("tmpfs", BuildPlace, LibC.MS_NOSUID | LibC.MS_NODEV | LibC.MS_NOEXEC, "mode=555");
        foreach (string directory in split.Order(StringComparer.Ordinal)) // parents first
        {
            if (directory.Length > 0)
            {
                MountNamespace.MakeDirectory($"{BuildPlace}/{directory}");
            }

            ShowRest(directory, split, copied);
        }

        foreach (string path in copied)
        {
            KernelFile.Create($"{BuildPlace}/{path}", values.GetValueOrDefault(path, []), (uint)live[path]);
        }

        ShareConntrackMaximum(copied);
        foreach (string directory in split.Where(directory => (directory == "net" || IsNet(directory)) && Directory.Exists($"{SysctlTree.Root}/{directory}")))
        {
            // A file that is bound one by one reports to the directory that it really is in, which the bind keeps. Not so outside net/: there
            // the real directories are the host's, and what can be written is a copy.
            _watch.Add($"{SysctlTree.Root}/{directory}", directory);
        }

        MountNamespace.Move(BuildPlace, SysctlTree.Root);
        foreach (string directory in split)
        {
            _watch.Add($"{SysctlTree.Root}/{directory}", directory);
        }

        WatchBelow("net", split);
    }

    /// <summary>Binds what is real and not copied into a directory of the shadow: files one by one, directories whole.</summary>
    private static void ShowRest(string directory, HashSet<string> split, HashSet<string> copied)
    {
        string real = $"{SysctlTree.Root}/{directory}";
        if (!Directory.Exists(real))
        {
            return; // of live only
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(real).EnumerateFileSystemInfos())
        {
            string path = SysctlTree.Join(directory, entry.Name);
            string target = $"{BuildPlace}/{path}";
            if (split.Contains(path) || copied.Contains(path))
            {
                continue;
            }

            if (entry is DirectoryInfo)
            {
                MountNamespace.MakeDirectory(target);
                if (path != "fs/binfmt_misc")
                {
                    MountNamespace.Bind($"{SysctlTree.Root}/{path}", target);
                }
            }
            else
            {
                KernelFile.Create(target, [], (uint)entry.UnixFileMode);
                MountNamespace.Bind($"{SysctlTree.Root}/{path}", target);
            }
        }
    }

    /// <summary>One kernel variable under two names (net/netfilter/nf_conntrack_standalone.c); so two names of one file.</summary>
    private static void ShareConntrackMaximum(HashSet<string> copied)
    {
        const string One = "net/netfilter/nf_conntrack_max";
        const string Other = "net/nf_conntrack_max";
        if (copied.Contains(One) && copied.Contains(Other))
        {
            File.Delete($"{BuildPlace}/{Other}");
            LibC.Check(LibC.link($"{BuildPlace}/{One}", $"{BuildPlace}/{Other}"));
        }
    }

    /// <summary>Watches the real directories, those of the interfaces too.</summary>
    private void WatchBelow(string directory, HashSet<string> split)
    {
        foreach (DirectoryInfo entry in new DirectoryInfo($"{SysctlTree.Root}/{directory}").EnumerateDirectories())
        {
            string path = SysctlTree.Join(directory, entry.Name);
            if (!split.Contains(path))
            {
                _watch.Add($"{SysctlTree.Root}/{path}", path);
            }

            WatchBelow(path, split);
        }
    }

    private static bool IsCopied(string path, UnixFileMode mode, Dictionary<string, UnixFileMode> own) =>
        IsNet(path) ? !own.TryGetValue(path, out UnixFileMode ownMode) || (IsWritable(mode) && !IsWritable(ownMode)) : IsWritable(mode);

    private static bool IsNet(string path) => path.StartsWith("net/", StringComparison.Ordinal);

    private static bool IsWritable(UnixFileMode mode) => (mode & UnixFileMode.UserWrite) != 0;
}
