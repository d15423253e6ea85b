using System.Text.RegularExpressions;

namespace IptablesAtom.Staging.Activity;

/// <remarks>Programs that ask a service by a socket which is a path: such a path leads out of every network namespace.</remarks>
internal static partial class HostTools
{
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

    /// <summary>firewall-cmd asks firewalld, firewall-offline-cmd writes its files. What follows --direct --query-rule is a rule, with options of its own.</summary>
    private static CallKind Firewalld(string[] args)
    {
        bool isDirect = false;
        foreach (string option in args.Where(IsOption).Select(word => word.Split('=')[0]))
        {
            bool reads = option.StartsWith("--get-", StringComparison.Ordinal) || option.StartsWith("--list-", StringComparison.Ordinal)
                || option.StartsWith("--query-", StringComparison.Ordinal) || option.StartsWith("--info-", StringComparison.Ordinal)
                || option.StartsWith("--path-", StringComparison.Ordinal)
                || option is "--state" or "--check-config" or "-V" or "--version" or "-h" or "--help";
            isDirect |= option == "--direct";
            if (reads && isDirect)
            {
                break;
            }

            if (!reads && option is not ("--permanent" or "--direct" or "-q" or "--quiet" or "-v" or "--verbose" or "--zone" or "--policy" or "--service" or "--ipset"
                or "--icmptype" or "--helper" or "--system-config" or "--default-config"))
            {
                return CallKind.Withheld("service");
            }
        }

        return CallKind.Passed;
    }

    /// <summary>busctl call SERVICE OBJECT INTERFACE METHOD...</summary>
    private static CallKind Busctl(string[] args)
    {
        string? verb = Verb(args, "-H", "-M", "-C", "--host", "--machine", "--capsule", "--address", "--match", "--size", "--timeout");
        return verb is null or "list" or "status" or "monitor" or "capture" or "tree" or "introspect" or "get-property" or "help" or "wait"
            || (verb == "call" && OnlyAsks(args.ElementAtOrDefault(Array.IndexOf(args, verb) + 4)))
                ? CallKind.Passed : CallKind.Withheld("service");
    }

    /// <summary>dbus-send [OPTIONS] OBJECT INTERFACE.METHOD...</summary>
    private static CallKind DbusSend(string[] args) =>
        args.Where(word => !IsOption(word)).ElementAtOrDefault(1) is not { } method || OnlyAsks(method) ? CallKind.Passed : CallKind.Withheld("service");

    /// <summary>gdbus call ... --method INTERFACE.METHOD</summary>
    private static CallKind Gdbus(string[] args)
    {
        int at = Array.FindIndex(args, word => word is "-m" or "--method" || word.StartsWith("--method=", StringComparison.Ordinal));
        string? method = at < 0 ? null : args[at].Contains('=', StringComparison.Ordinal) ? args[at] : args.ElementAtOrDefault(at + 1);
        return args is [] or ["introspect" or "monitor" or "wait" or "help", ..] || (args[0] == "call" && OnlyAsks(method)) ? CallKind.Passed : CallKind.Withheld("service");
    }

    /// <summary>By the customs of D-Bus a method's name says whether it only asks.</summary>
    private static bool OnlyAsks(string? method) => method is not null && Asking().IsMatch(method[(method.LastIndexOf('.') + 1)..]);

    [GeneratedRegex("^(?:(?:[Gg]et|[Ll]ist|[Ii]s|[Qq]uery|[Ll]ookup|[Rr]esolve)(?![a-z])|(?:Introspect|Ping|NameHasOwner)$)", RegexOptions.CultureInvariant)]
    private static partial Regex Asking();

    /// <summary>Over the network curl acts on other machines; over a socket of this one it orders a service here.</summary>
    private static CallKind Curl(string[] args)
    {
        int request = Array.FindIndex(args, word => word == "--request" || IsShort(word, "X"));
        string? method = request < 0 ? null : args[request] is ['-', 'X', _, ..] attached ? attached[2..] : args.ElementAtOrDefault(request + 1);
        bool sends = args.Any(word => IsShort(word, "dFT") || word is "--json" or "--upload-file" || word.StartsWith("--data", StringComparison.Ordinal)
            || word.StartsWith("--form", StringComparison.Ordinal));
        return args.Contains("--unix-socket") && (method is null ? sends : method is not ("GET" or "HEAD")) ? CallKind.Withheld("service") : CallKind.Passed;
    }
}
