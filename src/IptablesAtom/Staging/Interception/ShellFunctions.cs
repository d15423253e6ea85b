using System.Buffers;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>
/// Functions of the tools' names for the script's own shell, so that a call needs no process at all. Only for scripts that
/// cannot see the difference.
/// </summary>
/// <remarks>
/// bash reads the file that BASH_ENV names before a script. dash reads nothing, so it gets a copy of the script, mounted over its
/// path, whose first line (#!...) reads the functions in: $0 and the lines' numbers stay.
/// </remarks>
internal sealed record ShellFunctions
{
    private static readonly string[] BashDirectories = ["", "/sbin/", "/usr/sbin/"];

    /// <summary>Options of shells that neither change how functions and files are found nor show what is read in (x, v).</summary>
    private static readonly SearchValues<char> PlainOptions = SearchValues.Create("efuhBCn");

    /// <summary>No functions.</summary>
    internal static ShellFunctions None { get; } = new();

    /// <summary>What the shell reads first; empty for no functions.</summary>
    internal string Text { get; private init; } = "";

    /// <summary>
    /// True if nothing in the script looks at the status of a call that adds a rule, so that its shell may go on before such a call is answered: what the
    /// shell does then is the same whether the call succeeds or fails. Also of a script that gets no functions.
    /// </summary>
    internal bool MayGoAhead { get; private init; }

    /// <summary>dash: the copy of the script.</summary>
    internal byte[]? ScriptCopy { get; private init; }

    /// <summary>The script's file, over which the copy is mounted; null if it is no shell's script.</summary>
    internal string? ScriptFile { get; private init; }

    /// <summary>Words that have to stand before the script's path in the command, because the copy has no #! line.</summary>
    internal IReadOnlyList<string> Interpreter { get; private init; } = [];

    /// <summary>What is to be added to the script's environment.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>();

    /// <summary>Chooses for a script.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="tools">The tools there are.</param>
    /// <param name="acceleration">What they may do.</param>
    internal static ShellFunctions For(string path, ToolFiles tools, Acceleration acceleration)
    {
        if (acceleration == Acceleration.None)
        {
            return None;
        }

        byte[] script;
        try
        {
            script = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return None; // the launcher says what is wrong with it
        }

        int lineEnd = script.AsSpan().IndexOf((byte)'\n');
        string text = Encoding.Latin1.GetString(script);
        if (lineEnd < 2 || !text.StartsWith("#!", StringComparison.Ordinal) || text[..lineEnd].EndsWith('\r'))
        {
            return None;
        }

        string[] interpreter = text[2..lineEnd].Trim().Split((char[]?)[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? shell = interpreter is [var env, var name] && env.EndsWith("/env", StringComparison.Ordinal) ? OnPath(name)
            : interpreter is [var program, ..] ? program : null;
        if (shell is null || ToolFiles.Resolve(shell) is not { } file || Path.GetFileName(file) is not ("bash" or "dash") || ToolFiles.Resolve(path) is not { } real)
        {
            return None;
        }

        ShellFunctions none = new() { MayGoAhead = acceleration == Acceleration.GoingAhead && !ScriptScan.LooksAtStatuses(text), ScriptFile = real };
        if ((interpreter.Length == 2 && interpreter[1].StartsWith('-') && interpreter[1].AsSpan(1).ContainsAnyExcept(PlainOptions)) || ScriptScan.CanSeeFunctions(text)
            || System.Environment.GetEnvironmentVariable("BASH_ENV") is not null || System.Environment.GetEnvironmentVariable("SHELLOPTS") is not null
            || ScriptScan.PathDirectories(text).Any(directory => HasOtherTools(directory, tools)))
        {
            return none;
        }

        if (file.EndsWith("/dash", StringComparison.Ordinal))
        {
            return none with
            {
                Text = Dash(tools, none.MayGoAhead),
                ScriptCopy = [.. Encoding.ASCII.GetBytes($". {InterceptionPaths.Prelude}"), .. script.AsSpan(lineEnd)],
                Interpreter = interpreter,
            };
        }

        // By the name sh, bash reads no BASH_ENV.
        return shell.EndsWith("/bash", StringComparison.Ordinal)
            ? none with { Text = Bash(tools, none.MayGoAhead), Environment = new Dictionary<string, string> { ["BASH_ENV"] = InterceptionPaths.Prelude } }
            : none;
    }

    /// <summary>bash takes slashes in the names of functions, so absolute paths can be met as well.</summary>
    private static string Bash(ToolFiles tools, bool mayGoAhead)
    {
        StringBuilder text = new(Resource.Text("functions.bash"));
        foreach (string tool in Tools(tools))
        {
            foreach (string directory in BashDirectories)
            {
                if (directory.Length == 0 || tools.Paths.Contains(directory + tool))
                {
                    text.Append(Ahead("bash", mayGoAhead).Replace("@NAME@", directory + tool, StringComparison.Ordinal));
                }
            }
        }

        return Fill(text.ToString());
    }

    /// <summary>dash takes neither slashes nor hyphens.</summary>
    private static string Dash(ToolFiles tools, bool mayGoAhead) => Fill("__iptables_atom_ahead=\n" + string.Concat(
        Tools(tools).Where(tool => !tool.Contains('-', StringComparison.Ordinal))
            .Select(tool => Ahead("sh", mayGoAhead).Replace("@TOOL@", tool, StringComparison.Ordinal))));

    /// <summary>The function's text, with the way past the answer or without. It is left out where it could be seen: set -x shows it.</summary>
    private static string Ahead(string shell, bool mayGoAhead) =>
        Resource.Text($"function.{shell}").Replace("@AHEAD@", mayGoAhead ? Resource.Text($"ahead.{shell}") : "", StringComparison.Ordinal);

    private static bool HasOtherTools(string directory, ToolFiles tools) =>
        tools.ByName.Keys.Any(name => ToolFiles.Resolve($"{directory}/{name}") is { } file && !tools.Files.Contains(file));

    private static IEnumerable<string> Tools(ToolFiles tools) =>
        tools.ByName.Keys.Where(name => name == "ipset" || Tool.Of(name, tools.Plain).Kind == ToolKind.Command);

    private static string Fill(string text) => text
        .Replace("@PROGRAMS@", InterceptionPaths.Programs, StringComparison.Ordinal)
        .Replace("@REQUEST@", InterceptionPaths.Request, StringComparison.Ordinal)
        .Replace("@REPLY@", InterceptionPaths.Reply, StringComparison.Ordinal)
        .Replace("@TOKEN@", InterceptionPaths.Token, StringComparison.Ordinal);

    private static string? OnPath(string name) => name.AsSpan().IndexOfAny(" \t/=-") >= 0 ? null
        : (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => $"{directory}/{name}").FirstOrDefault(File.Exists);
}
