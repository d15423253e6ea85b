using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging;

/// <summary>
/// The process between the tool and the script: it makes the namespaces, waits until the tool has filled them, starts the script, and sees to
/// it that nothing which the script started outlives the script or the tool.
/// </summary>
/// <remarks>
/// <para>It is a program of its own because unshare in the tool would put the tool's threads into different namespaces, and because somebody
/// must be left when the tool is killed. It is this same binary, started as <c>iptables-atom __launch FD</c>.</para>
/// <para>It stays the script's parent and is a subreaper, so daemons that the script starts become its children
/// (<see cref="ProcessTree"/>). The tool's death, whatever its cause, closes the socketpair: then all of them are killed. It goes into a session of its own, so what is
/// sent to the terminal's or the tool's process group does not meet it; the script stays in the tool's group and keeps the terminal.</para>
/// <para>A PID namespace would be simpler and would break pidof, pkill and <c>kill $(cat pidfile)</c> in scripts; a cgroup would be visible to
/// the script and to the cgroup match.</para>
/// </remarks>
public static class Launcher
{
    /// <summary>The first argument that makes the program a launcher.</summary>
    public const string Verb = "__launch";

    /// <summary>Whether this process was started as a launcher.</summary>
    /// <param name="args">The program's arguments.</param>
    public static bool IsMeant(IReadOnlyList<string> args) => args.Count == 2 && args[0] == Verb;

    /// <summary>Runs the launcher. To be called on the main thread, before anything that touches the console.</summary>
    /// <param name="args">The program's arguments: <see cref="Verb"/> and the number of a descriptor.</param>
    /// <returns>The exit status, which nobody reads: all is said over the socketpair.</returns>
    public static int Main(IReadOnlyList<string> args)
    {
        // Never closed by us: a thread reads from it to the end.
        FrameSocket tool = FrameSocket.Inherited(int.Parse(args[1], CultureInfo.InvariantCulture));
        ProcessTree.NameSelf("iptables-atom\0"u8); // else ps and killall show "exe"
        ProcessTree.BecomeReaper();
        Spawn.IgnoreInterrupts();
        List<string> made = [];
        int status = MakeNamespaces(tool) && AwaitOrder(tool, made) is LaunchOrder order ? Run(tool, order) : 1;
        made.ForEach(MountNamespace.RemoveDirectory);
        return status;
    }

    private static bool MakeNamespaces(FrameSocket tool)
    {
        try
        {
            LibC.Check(LibC.unshare(LibC.CLONE_NEWNET | LibC.CLONE_NEWNS | LibC.CLONE_NEWUTS));
            string warning = PrivateMounts.Make();
            Loopback.TakeUp();
            return Tell(tool, LauncherMessage.Standing, Encoding.UTF8.GetBytes(warning));
        }
        catch (LinuxException failure)
        {
            Tell(tool, LauncherMessage.Failed, [.. Number((int)failure.Errno), .. Encoding.UTF8.GetBytes(failure.Call)]);
            return false;
        }
    }

    /// <summary>Serves the tool until it gives the order to start; null when it went away.</summary>
    private static LaunchOrder? AwaitOrder(FrameSocket tool, List<string> made)
    {
        List<Descriptor> listeners = [];
        try
        {
            while (tool.Receive() is (byte kind, byte[] content))
            {
                switch ((LauncherMessage)kind)
                {
                    case LauncherMessage.Filter:
                        try
                        {
                            listeners.Add(Seccomp.InstallListener(content));
                            Tell(tool, LauncherMessage.Listener, Number(listeners[^1].Number));
                        }
                        catch (LinuxException failure)
                        {
                            Tell(tool, LauncherMessage.Failed, [.. Number((int)failure.Errno), .. Encoding.UTF8.GetBytes(failure.Call)]);
                        }

                        break;
                    case LauncherMessage.Remove:
                        made.Add(Encoding.UTF8.GetString(content));
                        break;
                    case LauncherMessage.Go:
                        return LaunchOrder.Decode(content);
                }
            }

            return null;
        }
        finally
        {
            // The tool has its own copies. When it dies, the last listener is closed and a waiting call gets ENOSYS instead of waiting for ever.
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static int Run(FrameSocket tool, LaunchOrder order)
    {
        ReadOnlySpan<(int From, int To)> streams = order.OutputToError ? [(2, 1)] : [];
        Errno errno = Spawn.TryStart(order.Path, order.Arguments, order.Environment, streams, out int script);
        if (errno == Errno.ENOEXEC)
        {
            // No program and no #! line: a shell script, as execvp(3) and every shell take it.
            byte[][] arguments = [.. StringBlock.Encode(["/bin/sh", order.Path]), .. order.Arguments.Skip(1)];
            errno = Spawn.TryStart("/bin/sh", arguments, order.Environment, streams, out script);
        }

        if (errno != Errno.None)
        {
            Tell(tool, LauncherMessage.NotStarted, Number((int)errno));
            return 1;
        }

        _ = LibC.setsid();
        ProcessHandle handle = ProcessHandle.Open(script);
        new Thread(() => Obey(tool, handle)) { IsBackground = true }.Start();
        ExitStatus status = WaitFor(script);
        List<string> leftOvers = ProcessTree.End();
        Tell(tool, LauncherMessage.Ended, [.. Number(status.Raw), .. leftOvers.SelectMany(text => Encoding.UTF8.GetBytes(text + '\0'))]);
        return 0;
    }

    /// <summary>Does what the tool says while the script runs; when the tool is gone, ends everything.</summary>
    private static void Obey(FrameSocket tool, ProcessHandle script)
    {
        while (tool.Receive() is (byte kind, byte[] content))
        {
            switch ((LauncherMessage)kind)
            {
                case LauncherMessage.Signal:
                    script.Signal(content[0]);
                    break;
                case LauncherMessage.SignalAll:
                    ProcessTree.Signal(content[0]);
                    break;
            }
        }

        script.Signal(LibC.SIGKILL); // the main thread then ends the rest
    }

    /// <summary>Waits for the script; orphans that end meanwhile are reaped, so that they do not pile up.</summary>
    private static ExitStatus WaitFor(int script)
    {
        while (ProcessTree.WaitAny() is (int pid, ExitStatus status))
        {
            if (pid == script)
            {
                return status;
            }
        }

        throw new LinuxException("waitpid", Errno.ECHILD);
    }

    private static bool Tell(FrameSocket tool, LauncherMessage message, ReadOnlySpan<byte> content) => tool.Send((byte)message, content);

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
