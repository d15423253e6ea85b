using System.Text.RegularExpressions;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Doctor;

/// <summary>Which tools there are, in which version, and what <c>iptables</c> means here.</summary>
internal static partial class ToolChecks
{
    private static readonly (string Name, string Purpose, bool IsRequired)[] Known =
    [
        ("iptables", "IPv4 rules", true),
        ("ip6tables", "IPv6 rules", true),
        ("iptables-nft", "scripts under --backend nft", false),
        ("iptables-legacy", "scripts under --backend legacy", false),
        ("nft", "nft tables in scripts", false),
        ("ipset", "sets", false),
        ("arptables", "ARP rules", false),
        ("ebtables", "bridge rules", false),
        ("conntrack", "scripts that flush connections", false),
        ("ip", "scripts that read or change interfaces and routes", false),
    ];

    /// <summary>Looks at all tools. They are asked for their version inside the throw-away namespace: some open their tables first.</summary>
    internal static IReadOnlyList<FirewallTool> All(NetworkNamespace? probe) => [.. Known.Select(tool => Look(tool.Name, tool.Purpose, tool.IsRequired, probe))];

    /// <summary>What the versions mean for the user.</summary>
    internal static IEnumerable<Check> Judge(IReadOnlyList<FirewallTool> tools)
    {
        FirewallTool Of(string name) => tools.First(tool => tool.Name == name);
        (FirewallTool v4, FirewallTool v6) = (Of("iptables"), Of("ip6tables"));
        if (v4.Path is null || v6.Path is null)
        {
            yield return new Check("iptables", CheckState.Fatal, $"{(v4.Path is null ? "iptables" : "ip6tables")} is not installed");
        }
        else if (v4.Backend != v6.Backend)
        {
            yield return new Check("iptables", CheckState.Limited,
                $"iptables is {v4.Backend}, but ip6tables is {v6.Backend}: IPv4 and IPv6 rules are kept in different places of the kernel",
                "set both to the same (Debian: update-alternatives --config ip6tables)");
        }
        else
        {
            yield return new Check("iptables", CheckState.Works, $"iptables and ip6tables here are {v4.Backend ?? "of an unknown kind"}");
        }
    }

    /// <summary>The version in what a tool prints, and its backend if it names one.</summary>
    internal static (string? Version, string? Backend) Parse(string output)
    {
        Match version = VersionNumber().Match(output);
        string? backend = output.Contains("(nf_tables)", StringComparison.Ordinal) ? "nft"
            : output.Contains("(legacy)", StringComparison.Ordinal) ? "legacy" : null;
        return (version.Success ? version.Groups[1].Value : null, backend);
    }

    private static FirewallTool Look(string name, string purpose, bool isRequired, NetworkNamespace? probe)
    {
        string? path = ProgramPath.TryFind(name);
        if (path is null)
        {
            return new FirewallTool(name, null, null, null, purpose, isRequired);
        }

        // Without a namespace of its own nothing is run: even -V of a legacy tool may load its module and make its table.
        (string? version, string? backend) = probe is null ? (null, null) : Parse(Ask(path, probe));
        return new FirewallTool(name, path, version, backend ?? BackendOfFile(name, path), purpose, isRequired);
    }

    private static string Ask(string path, NetworkNamespace probe)
    {
        try
        {
            CapturedRun run = Spawn.Capture(probe, [path, "-V"]);
            return run.OutputText + run.ErrorText;
        }
        catch (SpawnException)
        {
            return ""; // there, but no program that runs here: no version
        }
    }

    private static string? BackendOfFile(string name, string path)
    {
        if (!name.Contains("tables", StringComparison.Ordinal))
        {
            return null;
        }

        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name ?? path;
        return target.Contains("nft", StringComparison.Ordinal) ? "nft"
            : target.Contains("legacy", StringComparison.Ordinal) ? "legacy" : null;
    }

    [GeneratedRegex(@"\bv?(\d+\.\d+(?:\.\d+)*)")]
    private static partial Regex VersionNumber();
}
