using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Interception;

namespace IptablesAtom.Staging.Activity;

/// <summary>Keeps the script's signals (kill(2), sigqueue(3), pidfd_send_signal(2)) from processes that it did not start.</summary>
/// <param name="launcher">The launcher: staging's processes are it and those below it.</param>
/// <param name="watch">Takes down what was withheld.</param>
/// <remarks>
/// A script ends or reloads a service by <c>kill $(cat PIDFILE)</c>: that would happen before the commit, or though it fails. Such a call stops in
/// the kernel (seccomp user notification); it is withheld and succeeds. The arguments are numbers in registers, so what was looked at is what is done.
/// A script in a PID namespace of its own reaches nobody outside of it. Signal 0, which only asks, passes.
/// </remarks>
internal sealed class SignalGuard(int launcher, HostCallWatch watch)
{
    private readonly string? _numbers = CallerFiles.Target(launcher, "ns/pid");

    /// <summary>True if a signal may be sent; else it was taken down.</summary>
    /// <param name="caller">The thread that sends it.</param>
    /// <param name="target">As kill(2) takes it.</param>
    /// <param name="signal">Its number.</param>
    internal bool Passes(int caller, int target, int signal)
    {
        // 0: the caller's own group.
        if (signal == 0 || target == 0 || CallerFiles.Target(caller, "ns/pid") != _numbers)
        {
            return true;
        }

        Dictionary<int, ProcessStatus> all = ProcessStatus.All();
        int[] targets = target > 0 ? [target]
            : [.. all.Where(process => (target == -1 && process.Key > 1) || process.Value.Group == -target).Select(process => process.Key)];
        int ownGroup = all.TryGetValue(caller, out ProcessStatus own) ? own.Group : 0;
        if (-target == ownGroup || Array.TrueForAll(targets, process => !all.ContainsKey(process) || IsBelow(all, process)))
        {
            return true;
        }

        (string name, ulong start) = target > 0 ? (all[target].Name, all[target].StartTime) : ("", 0);
        string[] sender = [.. ProcessEnvironment.Split(HostCallWatch.Bytes(caller, "cmdline")).Select(Encoding.Latin1.GetString)];
        string number = target.ToString(CultureInfo.InvariantCulture);
        string[] words = sender is [_, ..] && Path.GetFileName(sender[0]) is "kill" or "pkill" or "killall" ? sender
            : signal == LibC.SIGTERM ? ["kill", number] : ["kill", $"-{SignalNames.Short(signal)}", number];
        CallRecord record = new(words, "", 0) { Status = 0 };
        watch.Add(new HostCall(record, "process", CallFate.Withheld) { Signal = new SentSignal(signal, target, name, start) });
        return false;
    }

    private bool IsBelow(Dictionary<int, ProcessStatus> all, int process)
    {
        for (int depth = 0; depth <= all.Count; depth++)
        {
            if (process == launcher)
            {
                return true;
            }

            if (!all.TryGetValue(process, out ProcessStatus status))
            {
                return false;
            }

            process = status.Parent;
        }

        return false;
    }
}
