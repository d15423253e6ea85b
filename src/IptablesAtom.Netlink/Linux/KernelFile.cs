namespace IptablesAtom.Netlink.Linux;

/// <summary>Small files that the kernel makes up (/proc, /sys): one read gives all, one write sets it.</summary>
internal static unsafe class KernelFile
{
    private const int Usual = 1024;
    private const int Largest = 64 * 1024;

    /// <summary>The content; null when it cannot be read.</summary>
    /// <remarks>The kernel makes and clears a buffer of the size that is asked for, so a small one is tried first.</remarks>
    internal static byte[]? TryRead(string path) =>
        TryRead(path, Usual) is var content && content is not { Length: Usual } ? content : TryRead(path, Largest);

    /// <summary>The content of a file whose mode says that it is worth reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isWanted">Is asked with the mode's bits.</param>
    /// <param name="mode">The mode's bits; 0 when the file cannot be opened for reading.</param>
    internal static byte[]? TryRead(string path, Func<uint, bool> isWanted, out uint mode)
    {
        mode = 0;
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd == -1)
        {
            return null;
        }

        using Descriptor file = new(fd);
        mode = LibC.ModeOf(fd);
        if (!isWanted(mode))
        {
            return null;
        }

        byte* buffer = stackalloc byte[Usual];
        nint length = LibC.read(fd, buffer, Usual);
        return length == -1 ? null : length == Usual ? TryRead(path, Largest) : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
    }

    private static byte[]? TryRead(string path, int size)
    {
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd == -1)
        {
            return null;
        }

        byte* buffer = stackalloc byte[size];
        nint length = LibC.read(fd, buffer, size);
        _ = LibC.close(fd);
        return length == -1 ? null : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
    }

    /// <summary>Writes a value; <see cref="Errno.None"/> when the kernel took it.</summary>
    internal static Errno TryWrite(string path, ReadOnlySpan<byte> value)
    {
        int fd = LibC.open(path, LibC.O_WRONLY | LibC.O_CLOEXEC, 0);
        if (fd == -1)
        {
            return LibC.LastErrno;
        }

        using Descriptor file = new(fd);
        fixed (byte* start = value)
        {
            return LibC.write(fd, start, value.Length) == -1 ? LibC.LastErrno : Errno.None;
        }
    }

    /// <summary>Makes a plain file with a content and, less the thread's umask, a mode.</summary>
    internal static void Create(string path, ReadOnlySpan<byte> content, uint mode)
    {
        int fd = LibC.open(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC, mode);
        if (fd == -1)
        {
            throw new LinuxException($"create {path}", LibC.LastErrno);
        }

        using Descriptor file = new(fd);
        fixed (byte* start = content)
        {
            LibC.Check(LibC.write(fd, start, content.Length));
        }
    }
}
