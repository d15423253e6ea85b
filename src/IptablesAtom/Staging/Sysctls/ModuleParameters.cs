using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>Parameters of kernel modules that can be written at any time (<c>/sys/module/nf_conntrack/parameters/hashsize</c>): they are the machine's, like sysctls outside net/.</summary>
internal static class ModuleParameters
{
    private const string Modules = "/sys/module";

    /// <summary>Shows copies of their directories to the calling thread's mount namespace.</summary>
    /// <param name="place">A directory for the copies.</param>
    /// <returns>The directories that are covered.</returns>
    internal static List<string> CoverHere(string place)
    {
        List<string> covered = [];
        if (!Directory.Exists(Modules))
        {
            return covered;
        }

        MountNamespace.MakeDirectory(place);
        foreach (string module in Directory.EnumerateDirectories(Modules))
        {
            string directory = $"{module}/parameters";
            if (!Directory.Exists(directory))
            {
                continue;
            }

            (string Name, UnixFileMode Mode)[] files = [.. Directory.EnumerateFiles(directory).Select(file => (Path.GetFileName(file), File.GetUnixFileMode(file)))];
            if (!files.Any(file => file.Mode.HasFlag(UnixFileMode.UserWrite)))
            {
                continue;
            }

            string copy = $"{place}/{Path.GetFileName(module)}";
            MountNamespace.MakeDirectory(copy);
            foreach ((string name, UnixFileMode mode) in files)
            {
                KernelFile.Create($"{copy}/{name}", KernelFile.TryRead($"{directory}/{name}") ?? [], (uint)mode);
            }

            MountNamespace.Bind(copy, directory);
            covered.Add(directory);
        }

        return covered;
    }
}
