namespace IptablesAtom.Netlink.Linux;

/// <summary>The controlling terminal.</summary>
internal static class Terminal
{
    /// <summary>Whether this process is in the terminal's foreground group: then what is typed there (Ctrl-C) goes to all of the group.</summary>
    internal static bool IsOurs()
    {
        int fd = LibC.open("/dev/tty", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd == -1)
        {
            return false;
        }

        using Descriptor terminal = new(fd);
        return LibC.tcgetpgrp(terminal.Number) == LibC.getpgrp();
    }
}
