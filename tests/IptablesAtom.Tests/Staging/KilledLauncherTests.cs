using IptablesAtom.Sources;
using IptablesAtom.Staging;
using IptablesAtom.Tests.Support;
using Xunit;

namespace IptablesAtom.Tests.Staging;

/// <summary>Alone: when the launcher is killed the program ends all its descendants, and in this process other tests' are among them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class KilledLauncherCollection;

[Collection(typeof(KilledLauncherCollection))]
public sealed class KilledLauncherTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("atom-staging-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void IsToldAndLeavesNothing()
    {
        string pids = Path.Combine(_directory, "pids");
        string script = Path.Combine(_directory, "script.sh");
        File.WriteAllText(script, $"#!/bin/sh\nsetsid sleep 1005 & echo $! > {pids}; echo $$ >> {pids}; kill -KILL $PPID; sleep 1006\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using StagingNamespace staging = StagingNamespace.Start(new ScriptCommand([script]), new StagingOptions { LauncherPath = LauncherEntry.Path });
        StagingException failure = Assert.Throws<StagingException>(() => staging.Run());
        Assert.Contains("SIGKILL", failure.Message, StringComparison.Ordinal);
        Assert.All(File.ReadAllLines(pids), pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }
}
