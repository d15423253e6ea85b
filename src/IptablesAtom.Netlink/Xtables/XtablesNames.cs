using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>Which legacy tables a namespace has.</summary>
internal static unsafe class XtablesNames
{
    /// <summary>
    /// The tables that exist, as /proc lists them. Reading the list makes none; asking for a table by name does. A kernel without
    /// the family has no list: no tables then.
    /// </summary>
    internal static IReadOnlyList<string> Read(NetworkNamespace target, XtablesLayout layout) =>
        NamespaceThread.Run(target, () => ReadHere(layout));

    /// <summary>The same in the calling thread's namespace.</summary>
    internal static string[] ReadHere(XtablesLayout layout)
    {
        string path = $"/proc/thread-self/net/{layout.ProcName}";
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd == -1)
        {
            return LibC.LastErrno is var errno && errno == Errno.ENOENT ? [] : throw new LinuxException($"open {path}", errno);
        }

        using Descriptor file = new(fd);
        StringBuilder text = new();
        byte* buffer = stackalloc byte[512];
        while (LibC.Check(LibC.read(file.Number, buffer, 512)) is > 0 and var length)
        {
            text.Append(Encoding.ASCII.GetString(buffer, (int)length));
        }

        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
