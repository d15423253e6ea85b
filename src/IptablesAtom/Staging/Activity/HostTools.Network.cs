namespace IptablesAtom.Staging.Activity;

internal static partial class HostTools
{
    /// <summary>In the order in which ip(8) looks for a prefix.</summary>
    private static readonly string[] IpObjects =
    [
        "address", "addrlabel", "maddress", "route", "rule", "neighbor", "neighbour", "ntable", "ntbl", "link", "l2tp", "fou", "ila", "macsec",
        "tunnel", "tunl", "tuntap", "tap", "token", "tcpmetrics", "tcp_metrics", "monitor", "xfrm", "mroute", "mrule", "netns", "netconf", "vrf", "sr",
        "nexthop", "mptcp", "ioam", "help", "stats",
    ];

    private static readonly string[] ReadingVerbs =
        ["show", "list", "ls", "lst", "get", "save", "showdump", "help", "monitor", "identify", "pids", "list-id", "count"];

    private static CallKind Ip(string[] args)
    {
        (string[] words, bool isElsewhere, bool isBatch) = WithoutOptions(args);
        if (isBatch)
        {
            return CallKind.Staged("network");
        }

        string of = Find(IpObjects, words);
        if (of is "" or "help" or "monitor")
        {
            return CallKind.Passed;
        }

        if (of == "netns" && words.Length > 1 && "exec".StartsWith(words[1], StringComparison.Ordinal))
        {
            // A program that is known to read only may run in a namespace that is not staging.
            return words.Length > 3 && Of(words[3..], "") is { Fate: CallFate.Passed } ? CallKind.Passed : CallKind.Withheld("namespace");
        }

        if (of == "vrf" && words.Length > 1 && "exec".StartsWith(words[1], StringComparison.Ordinal))
        {
            return CallKind.Passed; // in staging; the program that it starts is met by itself
        }

        int verb = of is "xfrm" or "mptcp" or "ioam" or "sr" ? 2 : 1;
        if (words.Length <= verb || Reads(words[verb], of))
        {
            return CallKind.Passed;
        }

        return of == "netns" || isElsewhere || (of == "link" && words.Contains("netns"))
            ? CallKind.Withheld("namespace")
            : CallKind.Staged(Subject(of));
    }

    private static string Subject(string of) => of switch
    {
        "address" or "addrlabel" or "maddress" or "token" => "address",
        "route" or "mroute" or "nexthop" => "route",
        "rule" or "mrule" => "rule",
        "neighbor" or "neighbour" or "ntable" or "ntbl" => "neighbour",
        "link" or "l2tp" or "fou" or "macsec" or "tunnel" or "tunl" or "tuntap" or "tap" or "vrf" => "link",
        "xfrm" => "xfrm",
        _ => "network",
    };

    private static bool Reads(string verb, string of) =>
        !(of == "link" && "set".StartsWith(verb, StringComparison.Ordinal)) // ip link s: set is looked for before show
        && ReadingVerbs.Any(known => known.StartsWith(verb, StringComparison.Ordinal));

    /// <summary>tc and bridge: an object, a verb.</summary>
    private static CallKind Object(string[] args, string subject, string[] objects)
    {
        (string[] words, bool isElsewhere, bool isBatch) = WithoutOptions(args);
        return isBatch ? CallKind.Staged(subject)
            : Find(objects, words) is "" or "monitor" || words.Length < 2 || Reads(words[1], subject) ? CallKind.Passed
            : isElsewhere ? CallKind.Withheld("namespace")
            : CallKind.Staged(subject);
    }

    private static string Find(string[] objects, string[] words) =>
        words.Length == 0 ? "" : objects.FirstOrDefault(known => known.StartsWith(words[0], StringComparison.Ordinal)) ?? "";

    /// <summary>The options of the iproute2 programs may be shortened; some have a value.</summary>
    private static (string[] Words, bool IsElsewhere, bool IsBatch) WithoutOptions(string[] args)
    {
        bool isElsewhere = false;
        int i = 0;
        for (; i < args.Length && args[i].Length > 1 && args[i][0] == '-'; i++)
        {
            string option = args[i].TrimStart('-');
            if (Is("batch"))
            {
                return ([], isElsewhere, true);
            }

            isElsewhere |= Is("netns");
            i += Is("netns") || Is("family") || Is("rcvbuf") || option == "rc" || Is("loops") || Is("conf") || option == "cf" ? 1 : 0;

            bool Is(string name) => option.Length > 0 && name.StartsWith(option, StringComparison.Ordinal);
        }

        return (args[Math.Min(i, args.Length)..], isElsewhere, false);
    }

    /// <summary>Into another network namespace: whatever runs there has left staging.</summary>
    private static CallKind Nsenter(string[] args)
    {
        string? command = Verb(args, "-t", "--target", "-S", "--setuid", "-G", "--setgid");
        string[] options = command is null ? args : args[..Array.IndexOf(args, command)];
        return options.Any(word => IsShort(word, "na") || word.StartsWith("--net", StringComparison.Ordinal) || word == "--all")
            ? CallKind.Withheld("namespace") : CallKind.Passed;
    }

    private static CallKind Conntrack(string[] args) =>
        args.Any(word => IsShort(word, "FDIUA") || word is "--flush" or "--delete" or "--create" or "--update" or "--add" or "--load-file")
            ? CallKind.Staged("conntrack") : CallKind.Passed;

    /// <summary>ifup and its like start services and keep files of what they did, beside calling ip.</summary>
    private static CallKind Interfaces(string[] args) =>
        args.Length == 0 || args.Any(word => word is "-n" or "--no-act" or "-h" or "--help" or "-V" or "--version") ? CallKind.Passed : CallKind.Withheld("link");

    private static CallKind NetworkManager(string[] args) =>
        args.Any(word => word is "add" or "modify" or "mod" or "delete" or "del" or "up" or "down" or "reload" or "connect" or "disconnect" or "set"
            or "on" or "off" or "load" or "import" or "reapply" or "edit" or "clone" or "hostname") ? CallKind.Withheld("network") : CallKind.Passed;

    /// <summary>Settings of a device's driver, which the device of that name in staging does not have.</summary>
    private static CallKind Ethtool(string[] args) =>
        args.Length == 0 || !IsOption(args[0])
        || args[0] is "-a" or "-c" or "-d" or "-e" or "-g" or "-h" or "-i" or "-k" or "-l" or "-m" or "-n" or "-P" or "-S" or "-t" or "-T" or "-u" or "-x"
            or "--driver" or "--statistics" or "--help" or "--version"
        || args[0].StartsWith("--show-", StringComparison.Ordinal)
            ? CallKind.Passed : CallKind.Withheld("link");
}
