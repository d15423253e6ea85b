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

    /// <summary>Modules of tables, matches, targets, sets, connection tracking and its helpers; the kernel takes - for _.</summary>
    [GeneratedRegex(@"^(?:x_tables|(?:ip6?|arp)_tables|ebtables|(?:ip6?|arp|eb)table_\w+|(?:xt|ipt|ip6t|arpt|ebt|nft|nf)_\w+|nfnetlink\w*|ip_set\w*|ip_(?:conntrack|nat)\w*|ip_vs\w*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex RuleModule();
}
