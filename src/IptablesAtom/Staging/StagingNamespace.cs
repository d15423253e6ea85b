using System.Buffers.Binary;
using System.Text;
using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Sources;

namespace IptablesAtom.Staging;

/// <summary>
/// The network and mount namespace in which a script runs. It stands, with loopback up and nothing else in it, when <see cref="Start"/> returns; it is then
/// filled (mirror, seed, interception) while the script waits; <see cref="Run"/> runs the script to its end; what it left is read from <see cref="Network"/>.
/// </summary>
/// <remarks>
/// Nothing has to be removed: the namespaces live by our descriptors and the processes in them alone, and the launcher ends those when we
/// end, however that happens (<see cref="Launcher"/>).
/// </remarks>
public sealed partial class StagingNamespace : IDisposable
{
    private readonly StagingOptions _options;
    private readonly FrameSocket _launcher;
    private readonly MountNamespace _mounts;
    private readonly Dictionary<string, string> _variables = [];
    private bool _launcherEnded;

    private StagingNamespace(ScriptCommand command, string path, StagingOptions options, FrameSocket launcher, int pid, string warning)
    {
        Command = command;
        ScriptPath = path;
        Program = path;
        Arguments = [.. command.Words];
        LauncherPid = pid;
        Warnings = warning.Length == 0 ? [] : [warning];
        _options = options;
        _launcher = launcher;
        Network = NetworkNamespace.OfProcess(pid);
        _mounts = MountNamespace.OfProcess(pid);
    }

    /// <summary>What runs in it.</summary>
    public ScriptCommand Command { get; }

    /// <summary>The script's file, found.</summary>
    public string ScriptPath { get; }

    /// <summary>The network namespace.</summary>
    public NetworkNamespace Network { get; }

    /// <summary>What could not be had, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The launcher, whose namespaces are the staging ones.</summary>
    internal int LauncherPid { get; }

    /// <summary>The script's mount namespace.</summary>
    internal MountNamespace Mounts => _mounts;

    /// <summary>The file that is executed: the script, or an interpreter that is named before it; may be changed until <see cref="Run"/>.</summary>
    internal string Program { get; set; }

    /// <summary>What the script gets as its arguments, its name first; may be changed until <see cref="Run"/>.</summary>
    internal IList<string> Arguments { get; }

    /// <summary>Variables that the script gets in addition to the caller's environment, or instead; may be changed until <see cref="Run"/>.</summary>
    internal IDictionary<string, string> Variables => _variables;

    /// <summary>Makes the namespaces for a script. Live is not touched.</summary>
    /// <param name="command">The script.</param>
    /// <param name="options">How it shall run.</param>
    /// <exception cref="ScriptException">The script cannot be run as it is.</exception>
    /// <exception cref="PrivilegeException">The caller may not make namespaces.</exception>
    /// <exception cref="StagingException">The namespaces could not be made.</exception>
    public static StagingNamespace Start(ScriptCommand command, StagingOptions options)
    {
        string path = command.Resolve();
        Privileges.RequireStaging();
        ProcessTree.BecomeReaper(); // should the launcher be killed, what it watched over comes to us
        (FrameSocket own, Descriptor child) = FrameSocket.Pair();
        int pid;
        using (child)
        {
            byte[][] arguments = StringBlock.Encode(["iptables-atom", Launcher.Verb, $"{child.Number}"]);
            Errno errno = Spawn.TryStart(options.LauncherPath, arguments, ProcessEnvironment.With(null), [(child.Number, child.Number)], out pid);
            if (errno != Errno.None)
            {
                own.Dispose();
                throw new StagingException($"the launcher ({options.LauncherPath}) cannot be started: {LinuxException.Describe(errno)}");
            }
        }

        try
        {
            byte[] warning = Expect(own.Receive(), LauncherMessage.Standing, "staging could not be made");
            return new StagingNamespace(command, path, options, own, pid, Encoding.UTF8.GetString(warning));
        }
        catch (AtomException)
        {
            own.Dispose();
            _ = Spawn.Wait(pid);
            throw;
        }
    }

    /// <summary>Calls something on a dedicated thread that is inside staging, with its network and its mounts. See <see cref="NetworkNamespace.Run"/>.</summary>
    internal T RunInside<T>(Func<T> action) => _mounts.Run(Network, action);

    /// <summary>Puts an empty directory over a path, for the script alone. The path may have to be made on the host; the launcher, which survives us, takes it away again.</summary>
    internal void CoverDirectory(string path) => RunInside(() =>
    {
        if (!Directory.Exists(path))
        {
            _ = _launcher.Send((byte)LauncherMessage.Remove, Encoding.UTF8.GetBytes(path));
            MountNamespace.MakeDirectory(path);
        }

        MountNamespace.Mount("tmpfs", path, LibC.MS_NOSUID | LibC.MS_NODEV, "mode=755");
        return true;
    });

    /// <summary>Puts a system call filter on the script, which asks the returned descriptor (<see cref="Seccomp"/>). Before <see cref="Run"/> only.</summary>
    /// <param name="program">Classic BPF, 8 bytes an instruction.</param>
    /// <exception cref="StagingException">The kernel refused it.</exception>
    internal Descriptor InstallFilter(ReadOnlySpan<byte> program)
    {
        _ = _launcher.Send((byte)LauncherMessage.Filter, program);
        byte[] number = Expect(_launcher.Receive(), LauncherMessage.Listener, "the script's network calls cannot be watched");
        using ProcessHandle process = ProcessHandle.Open(LauncherPid);
        return process.TakeDescriptor(BinaryPrimitives.ReadInt32LittleEndian(number));
    }

    /// <summary>Ends what still runs inside, and lets the namespaces go.</summary>
    public void Dispose()
    {
        _launcher.Dispose(); // the launcher takes that as our end
        ReapLauncher();
        _mounts.Dispose();
        Network.Dispose();
    }

    private ExitStatus? ReapLauncher()
    {
        if (_launcherEnded)
        {
            return null;
        }

        _launcherEnded = true;
        return Spawn.Wait(LauncherPid);
    }

    private static byte[] Expect((byte Kind, byte[] Content)? frame, LauncherMessage expected, string otherwise) => frame switch
    {
        (byte kind, byte[] content) when kind == (byte)expected => content,
        ((byte)LauncherMessage.Failed, byte[] content) => throw new StagingException(
            $"{otherwise}: {Encoding.UTF8.GetString(content.AsSpan(4))}: {LinuxException.Describe((Errno)BinaryPrimitives.ReadInt32LittleEndian(content))}"),
        _ => throw new StagingException($"{otherwise}: the launcher ended unexpectedly"),
    };
}
