namespace IptablesAtom.Doctor;

/// <summary>The distribution, from os-release, and what its package manager calls the tools.</summary>
internal sealed record Distribution(string Name, string Installer, Func<string, string> PackageOf)
{
    private static readonly string[] Files = ["/etc/os-release", "/usr/lib/os-release"];

    /// <summary>The one that runs here; Debian's names where it is not known.</summary>
    internal static Distribution Current()
    {
        string? file = Files.FirstOrDefault(File.Exists);
        return Parse(file is null ? [] : File.ReadAllLines(file));
    }

    internal static Distribution Parse(IEnumerable<string> osRelease)
    {
        Dictionary<string, string> fields = [];
        foreach (string line in osRelease)
        {
            if (line.Split('=', 2) is [string key, string value])
            {
                fields[key] = value.Trim().Trim('"', '\'');
            }
        }

        string name = fields.GetValueOrDefault("PRETTY_NAME", "an unknown distribution");
        string[] kinds = [fields.GetValueOrDefault("ID", ""), .. fields.GetValueOrDefault("ID_LIKE", "").Split(' ')];
        return kinds.Any(kind => kind is "rhel" or "fedora" or "centos") ? new Distribution(name, "dnf install", RedHat)
            : kinds.Contains("alpine") ? new Distribution(name, "apk add", Alpine)
            : new Distribution(name, "apt-get install", Debian);
    }

    private static string Debian(string tool) => tool switch
    {
        "nft" => "nftables",
        "ip" => "iproute2",
        _ when IsIptables(tool) => "iptables",
        _ => tool,
    };

    private static string RedHat(string tool) => tool switch
    {
        "nft" => "nftables",
        "ip" => "iproute",
        "conntrack" => "conntrack-tools",
        "arptables" or "ebtables" => "iptables-nft",
        "iptables-legacy" or "ip6tables-legacy" => "iptables-legacy",
        _ when IsIptables(tool) => "iptables-nft",
        _ => tool,
    };

    private static string Alpine(string tool) => tool switch
    {
        "nft" => "nftables",
        "ip" => "iproute2",
        "conntrack" => "conntrack-tools",
        "iptables-legacy" or "ip6tables-legacy" => "iptables-legacy",
        _ when IsIptables(tool) => "iptables",
        _ => tool,
    };

    private static bool IsIptables(string tool) =>
        tool.StartsWith("iptables", StringComparison.Ordinal) || tool.StartsWith("ip6tables", StringComparison.Ordinal);
}
