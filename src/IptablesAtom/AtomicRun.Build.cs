using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using IptablesAtom.Bundles;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Route;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom;

public sealed partial class AtomicRun
{
    /// <summary>Stages the script from nothing and writes what it made into a bundle. Live is neither read nor changed.</summary>
    /// <param name="path">The bundle's file; replaced if it is there.</param>
    /// <returns>The names of the files in it.</returns>
    /// <exception cref="BundleException">The tools do not show all of it, or the file cannot be written.</exception>
    public IReadOnlyList<string> Build(string path)
    {
        Privileges.RequireStaging();
        RunOptions empty = options with { From = SeedFrom.Empty };
        using NetworkNamespace live = options.Netns is null ? NetworkNamespace.Current() : NetworkNamespace.Parse(options.Netns);
        using OwnThread<PreparedStaging> staging = PreparedStaging.Begin(empty, live, interruption);
        using Stage stage = Stage.Run(empty, live, Snapshot.Empty, new Base(), staging, log, interruption);
        List<BundleFile> files = [.. new StagedListing(stage.Result, stage.Network).Files()];
        if (stage.Sysctls.Count > 0)
        {
            files.Add(new BundleFile("sysctl.conf", Encoding.UTF8.GetBytes(string.Concat(stage.Sysctls.Select(Line))), null));
        }

        BundleManifest manifest = new()
        {
            Tool = typeof(AtomicRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            Architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x86-64",
            Script = [Path.GetFileName(options.Script.Name), .. options.Script.Words.Skip(1)],
            Digest = ScriptDigest.Of(options.Script.Resolve()),
            Interfaces = InterfacesOf(live),
            Backends = [.. stage.Result.Tables.Select(table => table.Id.Backend == Backend.Nft ? "nft" : "legacy").Distinct().Order(StringComparer.Ordinal)],
            Files = files,
        };
        BundleArchive.Write(path, BundleArchive.Encode([new BundleFile("manifest.json", manifest.Encode(), null), .. files]));
        return [.. files.Select(file => file.Name)];
    }

    private static string[] InterfacesOf(NetworkNamespace live)
    {
        using RouteSocket socket = RouteSocket.Open(live);
        return [.. Link.Dump(socket).Select(link => link.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>A trigger's value cannot be read back: such a line is a comment.</summary>
    private static string Line(SysctlChange change) => change.Value is null ? $"# {change}\n" : $"{change}\n";
}
