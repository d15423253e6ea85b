using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Staging.Interception;

/// <summary>Puts the shim before the tools, for the script's mount namespace only. Runs inside staging.</summary>
internal static unsafe class InterceptionMounts
{
    private const uint Executable = 0x1ed; // 0755
    private const uint Readable = 0x1a4; // 0644

    /// <summary>Mounts all of it.</summary>
    internal static void Make(ToolFiles tools, HostToolFiles hostTools, ShellFunctions functions, ReadOnlySpan<byte> shim)
    {
        MountNamespace.Mount("tmpfs", InterceptionPaths.Root, LibC.MS_NOSUID | LibC.MS_NODEV, "mode=0755");
        MountNamespace.MakeDirectory(InterceptionPaths.Programs);
        MountNamespace.MakeDirectory(InterceptionPaths.Locks);
        Write(InterceptionPaths.Shim, shim, Executable);
        foreach ((string name, string file) in tools.ByName.Concat(hostTools.ByName))
        {
            Link(InterceptionPaths.Root + file, $"{InterceptionPaths.Programs}/{name}");
        }

        if (functions.Text.Length > 0)
        {
            Write(InterceptionPaths.Prelude, Encoding.UTF8.GetBytes(functions.Text), Readable);
        }

        if (functions.ScriptCopy is { } copy)
        {
            Write(InterceptionPaths.Script, copy, Executable);
            MountNamespace.Bind(InterceptionPaths.Script, functions.ScriptFile!);
        }

        if (UserNamespace.IsInside && ProgramPath.TryFind("sudo") is { } sudo)
        {
            Write(InterceptionPaths.Sudo, Resource.Bytes("sudo.sh"), Executable);
            MountNamespace.Bind(InterceptionPaths.Sudo, sudo);
        }

        foreach (string file in tools.Files.Union(hostTools.Files))
        {
            string aside = InterceptionPaths.Root + file;
            for (int slash = InterceptionPaths.Root.Length; (slash = aside.IndexOf('/', slash + 1)) > 0;)
            {
                MountNamespace.MakeDirectory(aside[..slash]);
            }

            Write(aside, [], Readable);
            MountNamespace.Bind(file, aside);
            MountNamespace.Bind(InterceptionPaths.Shim, file);
        }
    }

    /// <summary>Opens the socket at which the shims call.</summary>
    internal static Descriptor Listen()
    {
        Descriptor socket = Bind(LibC.SOCK_SEQPACKET, InterceptionPaths.Socket);
        LibC.Check(LibC.listen(socket.Number, 128));
        return socket;
    }

    /// <summary>Opens a unix socket of an abstract name: such a name belongs to the network namespace of the opener.</summary>
    internal static Descriptor Bind(int type, string name)
    {
        Descriptor socket = new(LibC.Check(LibC.socket(LibC.AF_UNIX, type | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0)));
        byte[] address = [LibC.AF_UNIX, 0, 0, .. Encoding.ASCII.GetBytes(name)];
        fixed (byte* start = address)
        {
            LibC.Check(LibC.bind(socket.Number, start, (uint)address.Length));
        }

        return socket;
    }

    private static void Link(string target, string path) => LibC.Check(LibC.symlink(target, path));

    private static void Write(string path, ReadOnlySpan<byte> bytes, uint mode)
    {
        using Descriptor file = new(LibC.Check(LibC.open(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC, mode)));
        LibC.Check(LibC.fchmod(file.Number, mode)); // whatever our umask is
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                done += (int)LibC.Check(LibC.write(file.Number, start + done, bytes.Length - done));
            }
        }
    }
}
