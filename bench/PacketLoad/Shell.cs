using System.Diagnostics;

namespace IptablesAtom.Load;

/// <summary>Runs shell scripts inside a namespace, with an xtables lock of their own.</summary>
public static class Shell
{
    /// <summary>Gives the standard output; a non-zero exit is an error.</summary>
    public static string Run(string namespacePath, string script)
    {
        (int status, string output, string error) = Try(namespacePath, script);
        return status == 0 ? output : throw new InvalidOperationException($"exit {status} of: {script}\n{output}{error}");
    }

    /// <summary>Gives exit status, standard output and standard error.</summary>
    public static (int Status, string Output, string Error) Try(string namespacePath, string script)
    {
        // The script on standard input, not as an argument: an argument may have 128 KB at most.
        ProcessStartInfo start = new("nsenter", [$"--net={namespacePath}", "sh"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XTABLES_LOCKFILE"] = LockFile;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    private static string LockFile { get; } = Path.Combine(Path.GetTempPath(), $"packet-load-{Environment.ProcessId}.lock");
}
