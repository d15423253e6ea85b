using System.Diagnostics;
using System.Globalization;
using IptablesAtom.Tests.Support;

namespace IptablesAtom.Tests.Cli;

/// <summary>bin/iptables-atom as a user runs it, with a live namespace, a state directory and a temporary directory of a test's own.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private const string MarkVariable = "ATOM_TEST_RUN";
    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly string _directory = System.IO.Directory.CreateTempSubdirectory("atom-cli-").FullName;

    internal PublishedProgram()
    {
        System.IO.Directory.CreateDirectory($"{_directory}/tmp");
        if (!File.Exists(Path))
        {
            throw new InvalidOperationException($"{Path} is not there: run ./build first");
        }
    }

    /// <summary>The program's file, found from the tests' own.</summary>
    internal static string Path { get; } = System.IO.Path.Combine(Root(), "bin", "iptables-atom");

    /// <summary>The live side.</summary>
    internal TestNamespace Live { get; } = new();

    /// <summary>The xtables lock that its firewall commands take.</summary>
    internal string LockFile => $"{_directory}/xtables.lock";

    /// <summary>A directory for the test's files.</summary>
    internal string Directory => _directory;

    /// <summary>Writes an executable file.</summary>
    internal string Script(string text, string name = "script")
    {
        string path = $"{_directory}/{name}";
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Starts something with the test's variables; its streams are ours to read and write.</summary>
    internal Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[MarkVariable] = _mark;
        start.Environment["IPTABLES_ATOM_STATE"] = $"{_directory}/state";
        start.Environment["XTABLES_LOCKFILE"] = LockFile;
        start.Environment["TERM"] = "xterm";
        start.Environment["TMPDIR"] = $"{_directory}/tmp";
        return Process.Start(start)!;
    }

    /// <summary><c>iptables-atom run --netns LIVE ARGUMENTS...</c>, started.</summary>
    internal Process StartRun(string[] arguments, string command = "run") => Start(Path, [command, "--netns", Live.NsPath, .. arguments]);

    /// <summary><c>iptables-atom run --netns LIVE ARGUMENTS...</c> to its end.</summary>
    internal (int Status, string Output, string Error) Run(string[] arguments, string input = "", string command = "run")
    {
        using Process process = StartRun(arguments, command);
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>As Run, for more output than one wants to keep: its length, and whether it is of one byte only.</summary>
    internal (int Status, long Length, bool OnlyThat, string Error) RunCounting(string[] arguments, byte expected)
    {
        using Process process = StartRun(arguments);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        byte[] buffer = new byte[1 << 20];
        long total = 0;
        bool only = true;
        for (int got; (got = process.StandardOutput.BaseStream.Read(buffer)) > 0;)
        {
            total += got;
            only &= !buffer.AsSpan(0, got).ContainsAnyExcept(expected);
        }

        process.WaitForExit();
        return (process.ExitCode, total, only, error.Result);
    }

    /// <summary>A run in the foreground of a terminal of its own, made by script(1); what is written is typed there.</summary>
    internal (int Status, string Output) RunOnTerminal(string script, Action<StreamWriter> type)
    {
        using Process process = StartOnTerminal(script);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        type(process.StandardInput);
        process.WaitForExit();
        return (process.ExitCode, output.Result);
    }

    /// <summary>As <see cref="RunOnTerminal"/>, started only.</summary>
    internal Process StartOnTerminal(string script) =>
        Start("script", "-qec", $"exec {Path} run --netns {Live.NsPath} {script}", "/dev/null");

    /// <summary>What is left of all that was started: processes with our mark, by their command lines. Waits up to 10 s for them to go.</summary>
    internal string[] LeftProcesses()
    {
        for (int i = 0; ; i++)
        {
            string[] left = [.. System.IO.Directory.EnumerateDirectories("/proc").Select(Describe).OfType<string>()];
            if (left.Length == 0 || i == 200)
            {
                return left;
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Files left in the temporary directory that the program was given.</summary>
    internal string[] LeftFiles() => [.. System.IO.Directory.EnumerateFileSystemEntries($"{_directory}/tmp")];

    public void Dispose()
    {
        Live.Dispose();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    private string? Describe(string process)
    {
        try
        {
            return int.TryParse(process.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && File.ReadAllText($"{process}/environ").Contains($"{MarkVariable}={_mark}", StringComparison.Ordinal)
                ? $"{process[6..]} {File.ReadAllText($"{process}/cmdline").Replace('\0', ' ')}" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile
        }
    }

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(directory, "IptablesAtom.slnx")))
        {
            directory = System.IO.Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("the tests are not inside the repository");
        }

        return directory;
    }
}
