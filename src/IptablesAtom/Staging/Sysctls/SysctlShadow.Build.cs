using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

public sealed partial class SysctlShadow
{
    /// <summary>A directory that every /proc has: the real /proc/sys is there while the shadow is built.</summary>
    private const string Aside = "/proc/driver";

    /// <summary>
    /// Staging's real net directory, for the links to single files in it: a bind mount for each would cost more, and fill the script's list of mounts. It is
    /// below /proc/sys because sysctl(8) refuses a file that is not really there, and its name has a dot because sysctl -a then skips it.
    /// </summary>
    private const string RealNet = $"{SysctlTree.Root}/.net";

    /// <summary>The copies of modules' parameters.</summary>
    private const string Modules = $"{SysctlTree.Root}/.module";

    /// <summary>One kernel variable under two names (net/netfilter/nf_conntrack_standalone.c); so two names of one file.</summary>
    private const string ConntrackMaximum = "net/netfilter/nf_conntrack_max";

    private const string ConntrackMaximumToo = "net/nf_conntrack_max";

    /// <summary>What the shadow shows as its own file: what does not belong to the namespace, or cannot be written in this one.</summary>
    private static Dictionary<string, byte[]> FindCopied(SysctlTree live, SysctlTree own)
    {
        Dictionary<string, byte[]> copied = new(StringComparer.Ordinal);
        foreach ((string path, SysctlFile file) in live.Files)
        {
            if (IsNet(path) ? !own.Files.TryGetValue(path, out SysctlFile ownFile) || (file.IsWritable && !ownFile.IsWritable) : file.IsWritable)
            {
                copied.Add(path, file.Value ?? []);
            }
        }

        return copied;
    }

    /// <summary>Runs on a thread inside staging, whose file mode mask is its own. Gives the directories that have files of the shadow's own.</summary>
    private static List<string> Build(SysctlTree live, SysctlTree own, Dictionary<string, byte[]> values, List<ModuleParameters> modules)
    {
        HashSet<string> split = new(StringComparer.Ordinal) { "", "net" };
        foreach (string path in values.Keys)
        {
            for (string directory = SysctlTree.Parent(path); split.Add(directory);)
            {
                directory = SysctlTree.Parent(directory);
            }
        }

        uint mask = LibC.umask(0);
        try
        {
            MountNamespace.Bind(SysctlTree.Root, Aside);
            MountNamespace.Mount("tmpfs", SysctlTree.Root, LibC.MS_NOSUID | LibC.MS_NODEV | LibC.MS_NOEXEC, "mode=555");
            MountNamespace.MakeDirectory(RealNet);
            MountNamespace.Bind($"{Aside}/net", RealNet);
            Fill(live, own, values, split);
            MountNamespace.Detach(Aside);
            MountNamespace.MakeDirectory(Modules);
            modules.ForEach(static module => module.CoverHere(Modules));
            return [.. split, .. modules.Select(module => module.Directory)];
        }
        finally
        {
            _ = LibC.umask(mask);
        }
    }

    /// <summary>
    /// Makes all entries, the last one of each directory first: a tmpfs lists the newest first, /proc/sys in the order of the names, and so does
    /// <c>sysctl -a</c> then.
    /// </summary>
    private static void Fill(SysctlTree live, SysctlTree own, Dictionary<string, byte[]> values, HashSet<string> split)
    {
        HashSet<string> made = new(StringComparer.Ordinal) { "" };
        IEnumerable<string> directories = [.. own.Directories, .. live.Directories.Where(path => !IsNet(path)), .. split.Where(path => path.Length > 0)];
        IEnumerable<string> files = [.. values.Keys, .. own.Files.Keys, .. live.Files.Keys.Where(path => !IsNet(path))];
        foreach (string path in directories.Union(files).Where(path => split.Contains(SysctlTree.Parent(path))) // others are within one that is shown whole
            .OrderByDescending(path => path.Replace('/', '\0'), StringComparer.Ordinal))
        {
            MakeDirectory(SysctlTree.Parent(path), made);
            string target = $"{SysctlTree.Root}/{path}";
            if (path == ConntrackMaximum && values.ContainsKey(ConntrackMaximumToo))
            {
                LibC.Check(LibC.link($"{SysctlTree.Root}/{ConntrackMaximumToo}", target)); // the later name, so it is there already
            }
            else if (values.TryGetValue(path, out byte[]? value))
            {
                KernelFile.Create(target, value, (uint)live.Files[path].Mode);
            }
            else if (own.Files.ContainsKey(path))
            {
                LibC.Check(LibC.symlink($"{RealNet}{path[SysctlTree.Net.Length..]}", target));
            }
            else if (live.Files.TryGetValue(path, out SysctlFile file))
            {
                // What nobody can write outside net/ (kernel/random/uuid, fs/file-nr): the host's own file, with what it says at each moment.
                KernelFile.Create(target, [], (uint)file.Mode);
                MountNamespace.Bind($"{Aside}/{path}", target);
            }
            else
            {
                MakeDirectory(path, made);
                if (!split.Contains(path) && path != "fs/binfmt_misc")
                {
                    MountNamespace.Bind($"{Aside}/{path}", target);
                }
            }
        }
    }

    /// <summary>Makes a directory and those above it, as far as they are not there yet.</summary>
    private static void MakeDirectory(string path, HashSet<string> made)
    {
        if (made.Add(path))
        {
            MakeDirectory(SysctlTree.Parent(path), made);
            MountNamespace.MakeDirectory($"{SysctlTree.Root}/{path}");
        }
    }

    /// <summary>
    /// Watches staging's real directories, where a write through a link or a mount is reported. Not those outside net/: they are the host's, and what
    /// can be written there is a copy.
    /// </summary>
    private void WatchReal(string directory) => _watch.Add($"{RealNet}{directory[SysctlTree.Net.Length..]}", directory);

    /// <summary>Also "all" and "default": they are found with the interfaces.</summary>
    private static bool IsOfOneInterface(string directory) => SysctlTree.IsOfInterfaces(SysctlTree.Parent(directory));

    private static bool IsNet(string path) => path.StartsWith("net/", StringComparison.Ordinal);
}
