using System.Diagnostics.CodeAnalysis;
using IptablesAtom.Committing;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Snapshots;
using IptablesAtom.Sources;
using IptablesAtom.Staging;

namespace IptablesAtom.Cli;

/// <summary>Turns an error into its sentence and its exit status.</summary>
internal static class Failure
{
    internal static bool TryDescribe(Exception exception, out int exitCode, [NotNullWhen(true)] out string? sentence)
    {
        sentence = exception is AtomException ? exception.Message : null;
        exitCode = exception switch
        {
            InterruptedException interrupted => ExitCode.Signal + interrupted.Signal,
            ScriptException or ScriptFailedException => ExitCode.ScriptFailed,
            ConflictException or LockException or UnstableTablesException => ExitCode.Conflict,
            CommitException { IsRestored: true } => ExitCode.Restored,
            CommitException => ExitCode.NotRestored,
            _ => ExitCode.Failed,
        };
        return sentence is not null;
    }
}
