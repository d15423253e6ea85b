using System.Diagnostics;
using IptablesAtom.Tests.Architecture;
using Xunit;

namespace IptablesAtom.Tests.Support;

/// <summary>
/// The program as users get it (bin/iptables-atom, made by ./build), run inside a test's namespace: whatever it does, it cannot reach the
/// machine's own firewall. Its history is a directory of this object's own.
/// </summary>
internal sealed class PublishedProgram : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("atom-state-");

    /// <summary>Where the program is.</summary>
    internal static string Path { get; } = System.IO.Path.Combine(SourceFile.Root, "bin/iptables-atom");

    /// <summary>Runs it in a namespace.</summary>
    internal (int Status, string Output, string Error) Run(TestNamespace inside, params string[] arguments) => Run(inside, [], arguments);

    /// <summary>Runs it in a namespace, with environment variables.</summary>
    internal (int Status, string Output, string Error) Run(
        TestNamespace inside, (string Name, string Value)[] environment, params string[] arguments)
    {
        Assert.True(File.Exists(Path), "bin/iptables-atom is not there: run ./build first (./test does)");
        ProcessStartInfo start = new(
            "nsenter",
            [
                $"--net={inside.NsPath}", "unshare", "--mount", "sh", "-c", "mount --bind \"$0\" /var/lib && exec \"$@\"",
                _state.FullName, Path, .. arguments,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XTABLES_LOCKFILE"] = System.IO.Path.Combine(_state.FullName, "lock");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose() => _state.Delete(recursive: true);
}
