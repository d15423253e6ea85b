namespace IptablesAtom.Doctor;

/// <summary>
/// Whether a part of the kernel is there already. To try one that is not would load its module, and the doctor changes nothing.
/// </summary>
internal static class KernelModule
{
    /// <summary>True if the module exists as a file and is not loaded: then only its first use would load it.</summary>
    internal static bool IsOnlyLoadable(string name, string release)
    {
        string directory = $"/lib/modules/{release}";
        return !Directory.Exists($"/sys/module/{name}")
            && !Lists($"{directory}/modules.builtin", name)
            && Lists($"{directory}/modules.dep", name);
    }

    private static bool Lists(string file, string name)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        string dashed = name.Replace('_', '-');
        return File.ReadLines(file).Select(line => line.Split(':')[0]).Select(path => path[(path.LastIndexOf('/') + 1)..].Split('.')[0])
            .Any(module => module == name || module == dashed);
    }
}
