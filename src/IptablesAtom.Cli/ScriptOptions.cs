using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using IptablesAtom.Cli.Rendering;
using IptablesAtom.Planning;
using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Staging.Interception;
using IptablesAtom.Staging.Outbound;
using IptablesAtom.Staging.Sysctls;

namespace IptablesAtom.Cli;

/// <summary>The options that every command takes which stages a script.</summary>
internal sealed class ScriptOptions
{
    internal const string ScriptArgument = "SCRIPT";

    private readonly Argument<string[]> _script = new(ScriptArgument)
    {
        Description = "The script, or a program on PATH, and its arguments.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _netns = new("--netns")
    {
        HelpName = "NAME|PATH|PID",
        Description = "The live side is this network namespace instead of the caller's.",
    };

    private readonly Option<SeedFrom> _from = new("--from")
    {
        HelpName = "auto|empty|live",
        Description = "What staging starts with: nothing, a copy of live, or what the last run makes right (auto, the default).",
    };

    private readonly Option<BackendChoice> _backend = new("--backend")
    {
        HelpName = "auto|nft|legacy",
        Description = "Which iptables the plain names mean inside the script: as on this host (auto, the default), iptables-nft or iptables-legacy.",
    };

    private readonly Option<NetworkAccess> _network = new("--network")
    {
        HelpName = "host|none",
        Description = "Where the script's own connections (names, downloads) go: out through this host (the default), or nowhere.",
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        HelpName = "TIME",
        CustomParser = ParseTime,
        Description = "End the script after this time (30, 30s, 5m, 1h): exit 3.",
    };

    private readonly Option<TimeSpan?> _wait = new("--wait")
    {
        HelpName = "TIME",
        CustomParser = ParseTime,
        Description = "How long to wait for the xtables lock, and for another commit (10s).",
    };

    private readonly Option<SysctlMode> _sysctl = new("--sysctl")
    {
        HelpName = "apply|report|ignore",
        Description = "What the script set by sysctl: set it on live after the rules (apply, the default), only list it, or forget it.",
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        HelpName = "PATTERN",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        Description = "Chains and sets of this name pattern (f2b-*) are others': they stay, with the rules that lead to them.",
    };

    private readonly Option<bool> _adopt = new("--adopt") { Description = "On the first run: everything that is live is others' and stays." };

    private readonly Option<bool> _replace = new("--replace") { Description = "Nothing that is live is others': touched tables become just what the script made." };

    private readonly Option<bool> _exact = new("--exact") { Description = "No acceleration: the real tool runs every firewall command as it comes." };

    private readonly Option<OnError> _onError = new("--on-error")
    {
        HelpName = "fail|strict|ignore",
        Description = "Which failed firewall commands end the run: those that should have added something and that the script did not handle (fail, the default), any, none.",
    };

    private readonly Option<bool> _replay = new("--replay")
    {
        Description = "After the commit, run on live what the script did besides the firewall (routes, links, tc, conntrack, modules, services): else it is only listed.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the plan as JSON on standard output; what the script prints there goes to standard error." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print errors only." };

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the plan and each step." };

    /// <summary>All options, for a command that compares with live.</summary>
    internal void AddTo(Command command)
    {
        AddStagingTo(command);
        foreach (Option option in new Option[] { _from, _wait, _sysctl, _replay, _keep, _adopt, _replace, _json })
        {
            command.Add(option);
        }
    }

    /// <summary>Only those that say how the script is staged.</summary>
    internal void AddStagingTo(Command command)
    {
        command.Add(_script);
        foreach (Option option in new Option[] { _netns, _backend, _network, _timeout, _exact, _onError, _quiet, _verbose })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_adopt) && result.GetValue(_replace))
            {
                result.AddError("--adopt and --replace exclude each other: everything in live is others', or nothing is");
            }

            if (result.GetValue(_quiet) && result.GetValue(_verbose))
            {
                result.AddError("--quiet and --verbose exclude each other");
            }
        });
    }

    internal RunLog Log(ParseResult result) => new(IsQuiet(result), IsVerbose(result), showsProgress: !IsQuiet(result) && !IsJson(result));

    /// <summary>Prints the plan in the form that was asked for.</summary>
    internal void Print(ParseResult result, AtomicResult outcome)
    {
        PlanPrinter printer = new(Output.Data, PlanPrinter.OutputHasColour);
        if (IsJson(result))
        {
            printer.WriteJson(outcome, IsReplay(result));
        }
        else
        {
            printer.WriteText(outcome.Plan);
            foreach (SysctlChange change in outcome.Sysctls)
            {
                Output.Data.WriteLine($"sysctl {change}");
            }

            new ActivityText(Output.Data).Write(outcome.Activity, IsReplay(result));
            Output.Data.Flush();
        }
    }

    internal bool IsJson(ParseResult result) => result.GetValue(_json);

    internal bool IsReplay(ParseResult result) => result.GetValue(_replay);

    internal bool IsVerbose(ParseResult result) => result.GetValue(_verbose);

    internal bool IsQuiet(ParseResult result) => result.GetValue(_quiet);

    internal RunOptions Read(ParseResult result, bool describe)
    {
        return new RunOptions
        {
            Script = new ScriptCommand(result.GetValue(_script)!),
            Netns = result.GetValue(_netns),
            From = result.GetValue(_from),
            Backend = result.GetValue(_backend),
            Network = result.GetValue(_network),
            Timeout = result.GetValue(_timeout),
            Sysctl = result.GetValue(_sysctl),
            Replay = IsReplay(result),
            Exact = result.GetValue(_exact),
            OnError = result.GetValue(_onError),
            LockWait = result.GetValue(_wait) ?? RunOptions.DefaultLockWait,
            OutputIsData = IsJson(result),
            Describe = IsJson(result) || IsVerbose(result) || describe,
            Merge = new MergeOptions
            {
                Keep = result.GetValue(_keep) ?? [],
                Adopt = result.GetValue(_adopt),
                Replace = result.GetValue(_replace),
            },
        };
    }

    /// <summary>A time: a number with s, m or h, or bare seconds.</summary>
    internal static TimeSpan? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        string number = unit == 0 ? text : text[..^1];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || value <= 0
            || value * Math.Max(unit, 1) > TimeSpan.FromDays(365).TotalSeconds)
        {
            result.AddError($"\"{text}\" is no time: write seconds (30), or a number with s, m or h (90s, 5m, 1h)");
            return null;
        }

        return TimeSpan.FromSeconds(value * (unit == 0 ? 1 : unit));
    }
}
