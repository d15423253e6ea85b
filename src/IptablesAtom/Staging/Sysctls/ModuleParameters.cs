using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>
/// Parameters of a kernel module of which some can be written at any time (<c>/sys/module/nf_conntrack/parameters/hashsize</c>): they are the machine's, like
/// sysctls outside net/.
/// </summary>
internal sealed class ModuleParameters
{
    private readonly string _module;
    private readonly List<(string Name, UnixFileMode Mode, byte[] Value)> _files;

    private ModuleParameters(string module, List<(string Name, UnixFileMode Mode, byte[] Value)> files) => (_module, _files) = (module, files);

    /// <summary>The directory that the files are in.</summary>
    internal string Directory => $"/sys/module/{_module}/parameters";

    /// <summary>Reads those of all modules. They are the same in every network namespace.</summary>
    internal static List<ModuleParameters> ReadAll()
    {
        List<ModuleParameters> all = [];
        foreach (string module in System.IO.Directory.Exists("/sys/module") ? System.IO.Directory.EnumerateDirectories("/sys/module") : [])
        {
            string directory = $"{module}/parameters";
            if (!System.IO.Directory.Exists(directory))
            {
                continue;
            }

            List<(string Name, UnixFileMode Mode, byte[])> files = [.. System.IO.Directory.EnumerateFiles(directory)
                .Select(file => (Path.GetFileName(file), File.GetUnixFileMode(file), Array.Empty<byte>()))];
            if (files.Exists(file => (file.Mode & UnixFileMode.UserWrite) != 0))
            {
                all.Add(new ModuleParameters(
                    Path.GetFileName(module), files.ConvertAll(file => (file.Name, file.Mode, KernelFile.TryRead($"{directory}/{file.Name}") ?? []))));
            }
        }

        return all;
    }

    /// <summary>Shows copies in their place to the calling thread's mount namespace.</summary>
    /// <param name="place">An existing directory for the copies.</param>
    internal void CoverHere(string place)
    {
        string copy = $"{place}/{_module}";
        MountNamespace.MakeDirectory(copy);
        foreach ((string name, UnixFileMode mode, byte[] value) in _files)
        {
            KernelFile.Create($"{copy}/{name}", value, (uint)mode);
        }

        MountNamespace.Bind(copy, Directory);
    }
}
