using System.Globalization;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Committing;

/// <summary>Repeats on live what a script did in staging besides the firewall: the same programs, words, variables and directory, in the same order.</summary>
/// <remarks>
/// After the commit, because only then it is sure that the new firewall is in force. These are steps, no transaction: one that fails is told,
/// and the next is tried, as most scripts do. A call that had failed in staging (a deletion of what was not there) is repeated too, since live
/// can have what staging had not (tc). Where the script allows for a failure, one is no failure of the run.
/// </remarks>
internal static class Replay
{
    /// <summary>Does it, and gives a sentence for each call that live refused or that cannot be repeated.</summary>
    internal static IReadOnlyList<string> Run(HostActivity activity, NetworkNamespace live, IRunLog log)
    {
        List<string> failures = [.. activity.Unexplained.Select(change => $"the script {change}, by no call that is known: it cannot be repeated")];
        foreach (HostCall call in activity.Undone)
        {
            string? failure = call.User != 0 ? string.Create(CultureInfo.InvariantCulture, $"it was called by user {call.User}, and is not repeated as root")
                : call.ReadsInput ? "it reads its standard input, which is not kept"
                : call.Signal is { } signal ? Send(signal)
                : Repeat(call, live);
            if (failure is null)
            {
                log.Detail($"done on live: {call}");
            }
            else if (call.MayFail)
            {
                log.Note($"failed on live, which the script allows for: {call}: {failure}");
            }
            else
            {
                failures.Add($"{call}: {failure}");
            }
        }

        return failures;
    }

    private static string? Repeat(HostCall call, NetworkNamespace live)
    {
        try
        {
            using Descriptor nothing = new(LibC.Check(LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0)));
            int process = new OwnThread<int>(() =>
            {
                LibC.Check(LibC.unshare(LibC.CLONE_FS)); // the directory is this thread's alone, and its child's
                if (LibC.chdir(call.Directory) == -1)
                {
                    throw new LinuxException($"cd {call.Directory}", LibC.LastErrno);
                }

                LibC.Check(LibC.setns(live.Number, LibC.CLONE_NEWNET));
                Errno errno = Spawn.TryStart(call.Program, call.Record.RawWords, call.Environment, [(nothing.Number, 0), (2, 1)], out int pid);
                return errno == Errno.None ? pid : throw new SpawnException(call.Program, errno);
            }).Result;
            ExitStatus status = Spawn.Wait(process);
            return status.IsSuccess ? null : status.ToString();
        }
        catch (AtomException failure)
        {
            return failure.Message;
        }
    }

    private static string? Send(SentSignal signal) =>
        signal.Target < 0 ? "a signal for a group of processes is not repeated"
        : ProcessStatus.Read(signal.Target)?.StartTime != signal.StartTime ? "that process has ended meanwhile"
        : LibC.kill(signal.Target, signal.Number) == -1 ? LinuxException.Describe(LibC.LastErrno)
        : null;
}
