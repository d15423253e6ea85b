using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Activity;

/// <summary>The programs by which scripts change more than the firewall, and what each of their calls means.</summary>
/// <remarks>
/// Known readings pass; whatever else such a program is asked for is listed. So a verb of a later version is at worst listed though it only
/// reads, and never lost. Programs of several names (busybox) are not stood before: their effects are found in the network's state.
/// </remarks>
internal static partial class HostTools
{
    private const string InitDirectory = "/etc/init.d/";

    private static readonly Dictionary<string, Func<string[], CallKind>> ByName = new(StringComparer.Ordinal)
    {
        ["ip"] = Ip,
        ["tc"] = args => Object(args, "tc", ["qdisc", "class", "filter", "chain", "actions", "monitor", "exec"]),
        ["bridge"] = args => Object(args, "link", ["link", "fdb", "mdb", "vlan", "monitor", "vni", "mst"]),
        ["ifconfig"] = args => args.Count(word => !word.StartsWith('-')) > 1 ? CallKind.Staged("address") : CallKind.Passed,
        ["route"] = args => args.Any(word => word is "add" or "del" or "delete" or "flush") ? CallKind.Staged("route") : CallKind.Passed,
        ["arp"] = args => args.Any(word => IsShort(word, "sdf") || word is "--set" or "--delete" or "--file") ? CallKind.Staged("neighbour") : CallKind.Passed,
        ["brctl"] = args => Verb(args) is null or "show" or "showmacs" or "showstp" ? CallKind.Passed : CallKind.Staged("link"),
        ["vconfig"] = args => args.Length == 0 ? CallKind.Passed : CallKind.Staged("link"),
        ["tunctl"] = args => args is [] or ["-h"] ? CallKind.Passed : CallKind.Staged("link"),
        ["ifenslave"] = _ => CallKind.Staged("link"),
        ["iptunnel"] = args => Verb(args) is null or "show" ? CallKind.Passed : CallKind.Staged("link"),
        ["conntrack"] = Conntrack,
        ["ipvsadm"] = args => args.Length == 0 || IsShort(args[0], "LlSh") || args[0] is "--list" or "--save" or "--help" ? CallKind.Passed : CallKind.Staged("ipvs"),
        ["wg"] = args => Verb(args) is null or "show" or "showconf" or "genkey" or "genpsk" or "pubkey" or "help" ? CallKind.Passed : CallKind.Staged("link"),
        ["dmesg"] = args => args.Any(word => IsShort(word, "nCcDE") || word.StartsWith("--console-", StringComparison.Ordinal) || word is "--clear" or "--read-clear")
            ? CallKind.Withheld("kernel log") : CallKind.Passed,
        ["hostname"] = args => args.Any(word => !word.StartsWith('-') || IsShort(word, "Fb")) ? CallKind.Staged("hostname") : CallKind.Passed,
        ["ifup"] = Interfaces,
        ["ifdown"] = Interfaces,
        ["ifreload"] = Interfaces,
        ["netplan"] = args => Verb(args) is "apply" or "try" ? CallKind.Withheld("network") : CallKind.Passed,
        ["nmcli"] = NetworkManager,
        ["networkctl"] = args => Verb(args) is null or "list" or "status" or "lldp" or "label" or "cat" ? CallKind.Passed : CallKind.Withheld("network"),
        ["resolvectl"] = args => Verb(args) is "dns" or "domain" or "revert" or "flush-caches" or "default-route" or "dnssec" or "llmnr" or "mdns"
            ? CallKind.Withheld("network") : CallKind.Passed,
        ["ethtool"] = Ethtool,
        ["nsenter"] = Nsenter,
        ["modprobe"] = Modprobe,
        ["insmod"] = args => args.Length == 0 ? CallKind.Passed : CallKind.Withheld("module"),
        ["rmmod"] = args => args.Length == 0 ? CallKind.Passed : CallKind.Withheld("module"),
        ["systemctl"] = Systemctl,
        ["service"] = args => args.Length < 2 || args[1] == "status" ? CallKind.Passed : CallKind.Withheld("service"),
        ["rc-service"] = args => args.Any(IsOption) || args.Length < 2 || args[1] is "status" or "describe" ? CallKind.Passed : CallKind.Withheld("service"),
        ["rc-update"] = args => Verb(args) is null or "show" ? CallKind.Passed : CallKind.Withheld("service"),
        ["invoke-rc.d"] = args => args.LastOrDefault() is "status" ? CallKind.Passed : CallKind.Withheld("service"),
        ["update-rc.d"] = args => args.Length < 2 ? CallKind.Passed : CallKind.Withheld("service"),
        ["chkconfig"] = args => args.Contains("--list") || args.Length < 2 ? CallKind.Passed : CallKind.Withheld("service"),
        ["initctl"] = args => Verb(args) is null or "list" or "status" or "version" ? CallKind.Passed : CallKind.Withheld("service"),
        ["sv"] = args => Verb(args) is null or "status" ? CallKind.Passed : CallKind.Withheld("service"),
        ["reboot"] = Power,
        ["poweroff"] = Power,
        ["halt"] = Power,
        ["shutdown"] = Power,
        ["telinit"] = Power,
        ["docker"] = Containers,
        ["podman"] = Containers,
        ["nerdctl"] = Containers,
        ["docker-compose"] = args => Containers(["compose", .. args]),
        ["fail2ban-client"] = args => Verb(args) is null or "status" or "ping" or "get" or "banned" or "version" or "help" ? CallKind.Passed : CallKind.Withheld("service"),
        ["firewall-cmd"] = Firewalld,
        ["firewall-offline-cmd"] = Firewalld,
        ["busctl"] = Busctl,
        ["dbus-send"] = DbusSend,
        ["gdbus"] = Gdbus,
        ["curl"] = Curl,
        ["tuned-adm"] = args => Verb(args) is null or "active" or "list" or "recommend" or "verify" or "profile_info" ? CallKind.Passed : CallKind.Withheld("service"),
        ["hostnamectl"] = args => Verb(args) is null or "status" or "show" || (Verb(args) is "hostname" or "chassis" && args.Length == 1)
            ? CallKind.Passed : CallKind.Withheld("hostname"),
        ["timedatectl"] = args => Verb(args) is null or "status" or "show" or "list-timezones" or "timesync-status" ? CallKind.Passed : CallKind.Withheld("service"),
    };

    /// <summary>A word of a script that names one of them, a start script, or what else makes a <see cref="HostCall"/>.</summary>
    internal static Regex Word => field ??= new(
        @"^[""\\]?(?:(?:\S*/)?(?:(?:ip6?tables|arptables|ebtables)(?:-legacy|-nft)?-save|ipset|nft|kill|pkill|killall|"
        + $@"{string.Join('|', Names.Select(Regex.Escape))})|{InitDirectory}\S+)""?$", RegexOptions.CultureInvariant);

    /// <summary>Their names.</summary>
    internal static IEnumerable<string> Names => ByName.Keys;

    /// <summary>What a call means; null if it is none of these programs.</summary>
    /// <param name="words">The words of the call, argument 0 first.</param>
    /// <param name="program">The program's file; empty if not known.</param>
    internal static CallKind? Of(IReadOnlyList<string> words, string program)
    {
        string[] args = [.. words.Skip(1)];
        return program.StartsWith(InitDirectory, StringComparison.Ordinal)
            ? args is [] or ["status"] ? CallKind.Passed : CallKind.Withheld("service")
            : ByName.TryGetValue(words[0][(words[0].LastIndexOf('/') + 1)..], out Func<string[], CallKind>? meaning)
                ? meaning(args)
                : null;
    }

    private static bool IsOption(string word) => word.StartsWith('-');

    /// <summary>True for a word of short options with one of some letters in it.</summary>
    private static bool IsShort(string word, string letters) =>
        word.Length > 1 && word[0] == '-' && word[1] != '-' && word.AsSpan(1).IndexOfAny(letters) >= 0;

    /// <summary>The first word that is no option, nor the value of one that is named.</summary>
    private static string? Verb(string[] args, params ReadOnlySpan<string> withValue)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (!IsOption(args[i]))
            {
                return args[i];
            }

            if (withValue.Contains(args[i]))
            {
                i++;
            }
        }

        return null;
    }
}
