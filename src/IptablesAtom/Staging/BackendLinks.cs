using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging;

/// <summary>
/// Makes the plain names of the firewall tools mean one backend inside staging. On Debian and its relatives they are links
/// through /etc/alternatives: the script's mount namespace gets a copy of that directory with other links, so that
/// absolute paths, sudo and child processes see the same. Elsewhere a directory of links comes first in PATH.
/// </summary>
internal static class BackendLinks
{
    private const string Alternatives = "/etc/alternatives";

    private static readonly string[] Names =
    [
        .. from tool in new[] { "iptables", "ip6tables", "arptables", "ebtables" }
           from applet in new[] { "", "-save", "-restore" }
           select tool + applet,
    ];

    /// <summary>Prepares staging, before the script runs.</summary>
    /// <exception cref="StagingException">The wanted tools are not installed.</exception>
    internal static void Prepare(StagingNamespace staging, BackendChoice choice)
    {
        if (choice == BackendChoice.Auto)
        {
            return;
        }

        string suffix = choice == BackendChoice.Nft ? "nft" : "legacy";
        Dictionary<string, string> targets = [];
        foreach (string name in Names)
        {
            // iptables-nft-save, but also iptables-legacy-save: the backend's word stands behind the tool's
            string tool = name.Split('-')[0];
            if (ProgramPath.TryFind($"{tool}-{suffix}{name[tool.Length..]}") is string path)
            {
                targets[name] = path;
            }
        }

        if (!targets.ContainsKey("iptables"))
        {
            throw new StagingException($"--backend {suffix}: there is no iptables-{suffix} on this host; install the package iptables");
        }

        staging.RunInside(() => Cover(staging, targets));
    }

    private static bool Cover(StagingNamespace staging, Dictionary<string, string> targets)
    {
        bool hasAlternatives = File.Exists($"{Alternatives}/iptables");
        if (hasAlternatives && targets.All(link => ToolFiles.Resolve($"{Alternatives}/{link.Key}") is var file && (file is null || file == ToolFiles.Resolve(link.Value))))
        {
            return true; // as on most hosts: the plain names mean that backend
        }

        string place = hasAlternatives ? Alternatives : "/mnt";
        string[] names = hasAlternatives ? Directory.GetFileSystemEntries(Alternatives) : [];
        (string Name, string Target)[] links =
        [
            .. names.Where(path => !targets.ContainsKey(Path.GetFileName(path)))
                .Select(path => (Path.GetFileName(path), Target: LibC.ReadLink(path)))
                .Where(link => link.Target is not null)!,
            .. targets.Select(pair => (pair.Key, pair.Value)),
        ];
        MountNamespace.Mount("tmpfs", place, LibC.MS_NOSUID | LibC.MS_NODEV, "mode=755");
        foreach ((string name, string target) in links)
        {
            LibC.Check(LibC.symlink(target, $"{place}/{name}"));
        }

        if (!hasAlternatives)
        {
            staging.Variables["PATH"] = $"{place}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        return true;
    }
}
