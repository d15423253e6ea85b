using IptablesAtom.Sources;
using Xunit;

namespace IptablesAtom.Tests.Staging;

public sealed class ScriptCommandTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _directory = Directory.CreateTempSubdirectory("atom-script-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void FindsAPathAndAName()
    {
        string script = Write("ok", "#!/bin/sh\n", Executable);
        Assert.Equal(script, new ScriptCommand([script]).Resolve());
        Assert.EndsWith("/true", new ScriptCommand(["true"]).Resolve(), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatIsMissing()
    {
        Assert.Contains("there is no file", Message($"{_directory}/none"), StringComparison.Ordinal);
        Assert.Contains("on PATH", Message("no-such-script-of-ours"), StringComparison.Ordinal);
        Assert.Contains("is a directory", Message(_directory), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysHowToMakeItExecutable()
    {
        string message = Message(Write("plain", "#!/bin/sh\n", UnixFileMode.UserRead));
        Assert.Contains($"chmod +x {_directory}/plain", message, StringComparison.Ordinal);
        Assert.Contains($"iptables-atom -- sh {_directory}/plain", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatIsWrongWithTheFirstLine()
    {
        Assert.Contains("carriage return", Message(Write("crlf", "#!/bin/sh\r\nexit 0\r\n", Executable)), StringComparison.Ordinal);
        Assert.Contains("\"/no/such/shell\"", Message(Write("shell", "#! /no/such/shell -e\n", Executable)), StringComparison.Ordinal);
    }

    private static string Message(string script)
    {
        ScriptException failure = Assert.Throws<ScriptException>(new ScriptCommand([script]).Resolve);
        Assert.Equal(script, failure.Script);
        return failure.Message;
    }

    private string Write(string name, string text, UnixFileMode mode)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
