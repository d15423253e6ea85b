using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Activity;

internal static partial class HostTools
{
    private static CallKind Systemctl(string[] args) =>
        Verb(args, "-t", "-p", "-n", "-s", "-o", "-H", "-M", "--type", "--property", "--state", "--lines", "--output", "--host", "--machine", "--signal")
            is null or "status" or "show" or "cat" or "help" or "is-active" or "is-enabled" or "is-failed" or "is-system-running" or "get-default"
                or "show-environment" or "list-units" or "list-unit-files" or "list-sockets" or "list-timers" or "list-jobs" or "list-dependencies"
                or "list-machines" or "list-automounts" or "list-paths"
            ? CallKind.Passed : CallKind.Withheld("service");

    private static CallKind Power(string[] args) => args.Contains("--help") ? CallKind.Passed : CallKind.Withheld("service");

    /// <summary>
    /// Modules that rules need are loaded at once, as the kernel itself loads them for a rule. Others can change the machine (br_netfilter sends
    /// bridged packets through the rules that are live) and make nothing in staging: new devices appear in the machine's first namespace.
    /// </summary>
    private static CallKind Modprobe(string[] args)
    {
        bool takesAll = args.Any(word => IsShort(word, "ar") || word is "--all" or "--remove");
        string[] names = [.. args.Where(word => !IsOption(word))];
        names = takesAll ? names : [.. names.Take(1)];
        if (names.Length == 0
            || args.Any(word => IsShort(word, "nDcVhR") || word is "--dry-run" or "--show" or "--show-depends" or "--showconfig" or "--version" or "--help" or "--resolve-alias"))
        {
            return CallKind.Passed;
        }

        return args.Any(word => IsShort(word, "r") || word == "--remove") || !names.All(name => RuleModule().IsMatch(name.Replace('-', '_'))) ? CallKind.Withheld("module")
            : names.All(IsLoaded) ? CallKind.Passed
            : new CallKind("module", CallFate.Done);
    }

    private static bool IsLoaded(string module) => Directory.Exists($"/sys/module/{module.Replace('-', '_')}");

    private static CallKind Containers(string[] args)
    {
        ReadOnlySpan<string> withValue = ["-H", "--host", "-c", "--context", "-l", "--log-level", "--config", "--url", "--root"];
        string? verb = Verb(args, withValue);
        string? second = verb is null ? null : Verb(args[(Array.IndexOf(args, verb) + 1)..], "-f", "--file", "-p", "--project-name");
        return verb is null or "ps" or "inspect" or "images" or "info" or "version" or "logs" or "top" or "stats" or "port" or "diff" or "history" or "search" or "events"
            || (verb is "container" or "network" or "image" or "volume" or "compose" or "system" or "node" or "service" or "stack" or "pod" or "context" or "plugin"
                && second is null or "ls" or "list" or "inspect" or "ps" or "logs" or "df" or "info" or "top" or "port" or "stats" or "history" or "diff" or "config"
                    or "images" or "version" or "events" or "exists")
            ? CallKind.Passed : CallKind.Withheld("service");
    }

    private static CallKind FirewallCmd(string[] args) =>
        args.All(word => word is "--state" or "--permanent" or "-q" or "--quiet" or "-V" or "--version" or "-h" or "--help" or "--list-all" or "--list-all-zones"
            || word.StartsWith("--get-", StringComparison.Ordinal) || word.StartsWith("--list-", StringComparison.Ordinal)
            || word.StartsWith("--query-", StringComparison.Ordinal) || word.StartsWith("--info-", StringComparison.Ordinal)
            || word.StartsWith("--zone=", StringComparison.Ordinal)) ? CallKind.Passed : CallKind.Withheld("service");

    /// <summary>Modules of tables, matches, targets, sets, connection tracking and its helpers; the kernel takes - for _.</summary>
    [GeneratedRegex(@"^(?:x_tables|(?:ip6?|arp)_tables|ebtables|(?:ip6?|arp|eb)table_\w+|(?:xt|ipt|ip6t|arpt|ebt|nft|nf)_\w+|nfnetlink\w*|ip_set\w*|ip_(?:conntrack|nat)\w*|ip_vs\w*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex RuleModule();
}
