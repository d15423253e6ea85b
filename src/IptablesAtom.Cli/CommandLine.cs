using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using IptablesAtom.Cli.Commands.Build;
using IptablesAtom.Cli.Commands.Doctor;
using IptablesAtom.Cli.Commands.Plan;
using IptablesAtom.Cli.Commands.Run;

namespace IptablesAtom.Cli;

/// <summary>The commands and options, and the one rule that the parser does not know: what follows SCRIPT belongs to the script.</summary>
internal static class CommandLine
{
    internal const string ExitCodes =
        """
        Exit codes:
          0      done, or nothing to change
          1      failed, live untouched
          2      wrong usage; plan: there are changes
          3      the script or one of its firewall commands failed, live untouched
          4      lock or concurrent change, live untouched
          6      failed at or after the commit, old state restored and verified
          7      failed and not restored: the message says what is in force (also: the firewall is, and a call of --replay failed)
          128+N  ended by signal N, live untouched
        """;

    internal static int Invoke(string[] arguments)
    {
        RootCommand root = Create();
        ParseResult parsed = root.Parse(Separate(root, arguments, out string? unknown));
        if (unknown is not null)
        {
            Output.Message($"there is no option {unknown}; see iptables-atom --help");
            return ExitCode.UsageOrChanges;
        }

        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (ParseError error in parsed.Errors)
            {
                Output.Message(error.Message);
            }

            Output.Message("see iptables-atom --help");
            return ExitCode.UsageOrChanges;
        }

        // A command's usage would name the program's own script as well.
        foreach (Argument argument in root.Arguments)
        {
            argument.Hidden = parsed.CommandResult.Command != root;
        }

        int status = parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are staging's business: they belong to the script first
            Output = Output.Data,
            Error = Output.Messages,
        });
        Output.Data.Flush();
        return status;
    }

    private static RootCommand Create()
    {
        RootCommand root = new(
            """
            Runs any iptables script as one atomic firewall change.

            iptables-atom SCRIPT [ARG...] is short for iptables-atom run SCRIPT [ARG...]; so is iptables-atom -- COMMAND [ARG...].
            The script is not modified: it runs in a staging network namespace; what it built there is compared with the live
            firewall, merged with what others put there, and committed in one step.

            """ + ExitCodes);
        new RunCommand().AttachTo(root);
        root.Add(new RunCommand().AttachTo(new Command("run", "Stage a script, plan, commit, verify and record.")));
        root.Add(new PlanCommand().AttachTo(new Command("plan", "Print what a script would change. Exit 0: nothing, 2: changes.")));
        root.Add(new BuildCommand().AttachTo(new Command("build", "Stage a script from nothing and write what it made into a bundle (-o FILE). Live is not read.")));
        root.Add(new DoctorCommand().AttachTo(new Command("doctor", "Say what works on this host, what does not, and what to install.")));
        return root;
    }

    /// <summary>
    /// Puts <c>--</c> before the first word that is no option of ours, so that <c>iptables-atom ./fw --flag</c> gives <c>--flag</c> to the script.
    /// </summary>
    private static string[] Separate(RootCommand root, string[] arguments, out string? unknown)
    {
        unknown = null;
        Command command = root;
        int start = 0;
        if (arguments.Length > 0 && root.Subcommands.FirstOrDefault(c => c.Name == arguments[0]) is Command named)
        {
            command = named;
            start = 1;
        }

        if (command.Arguments.All(argument => argument.Name != ScriptOptions.ScriptArgument))
        {
            return arguments;
        }

        // build SCRIPT -o FILE: an output at the very end is ours, unless one was named before the script.
        if (arguments.Length >= start + 3 && (arguments[^2] is "-o" or "--output") && arguments[start] != arguments[^2]
            && command.Options.Any(option => option.Name == "--output"))
        {
            arguments = [.. arguments[..start], .. arguments[^2..], .. arguments[start..^2]];
        }

        for (int i = start; i < arguments.Length; i++)
        {
            string word = arguments[i];
            if (word == "--" || word.StartsWith('['))
            {
                return arguments;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                if (start == 0 && root.Subcommands.Any(c => c.Name == word))
                {
                    return Separate(root, [word, .. arguments[..i], .. arguments[(i + 1)..]], out unknown); // options may stand before the command
                }

                return [.. arguments[..i], "--", .. arguments[i..]];
            }

            string name = word.Split('=')[0];
            Option? option = command.Options.Concat(root.Options.Where(o => o.Recursive)).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));
            if (option is null)
            {
                unknown = name;
                return arguments;
            }

            if (name == word && option.Arity.MinimumNumberOfValues > 0)
            {
                i++;
            }
        }

        return arguments;
    }
}
