using System.Buffers;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class Spawn
{
    /// <summary>More output than this, in bytes, is an error and not a listing.</summary>
    internal const int OutputLimit = 1 << 30;

    private const int PipeSize = 1 << 20;

    /// <summary>Runs a program to its end and gives what it wrote.</summary>
    /// <param name="inside">The network namespace in which it runs; null for that of the caller.</param>
    /// <param name="argv">A path or a name (found on PATH, /usr/sbin, /sbin), and the arguments.</param>
    /// <param name="stdin">Its standard input; nothing by default.</param>
    /// <param name="environment">Variables that are set in addition to ours.</param>
    /// <exception cref="ProgramMissingException">There is no such program.</exception>
    /// <exception cref="SpawnException">It could not be started, or wrote more than <see cref="OutputLimit"/>.</exception>
    internal static CapturedRun Capture(
        NetworkNamespace? inside,
        IReadOnlyList<string> argv,
        ReadOnlySpan<byte> stdin = default,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string path = ProgramPath.Find(argv[0]);
        byte[][] arguments = StringBlock.Encode(argv);
        IReadOnlyList<byte[]> variables = ProcessEnvironment.With(environment);
        using Descriptor input = InputFile(stdin);
        (Descriptor outputEnd, Descriptor outputWriter) = Pipe();
        (Descriptor errorEnd, Descriptor errorWriter) = Pipe();
        using (outputEnd)
        using (errorEnd)
        {
            int pid;
            using (outputWriter)
            using (errorWriter)
            {
                int Start() => TryStart(path, arguments, variables, [(input.Number, 0), (outputWriter.Number, 1), (errorWriter.Number, 2)], out int child) is var errno
                    && errno == Errno.None ? child : throw new SpawnException(path, errno);
                pid = inside is null ? Start() : inside.Run(Start);
            }

            ArrayBufferWriter<byte> output = new();
            ArrayBufferWriter<byte> error = new();
            bool whole = ReadBoth(outputEnd, output, errorEnd, error);
            if (!whole)
            {
                _ = LibC.kill(pid, LibC.SIGKILL);
            }

            ExitStatus status = Wait(pid);
            return whole
                ? new CapturedRun(status, output.WrittenSpan.ToArray(), error.WrittenSpan.ToArray())
                : throw new SpawnException(path, $"wrote more than {OutputLimit} bytes and was ended");
        }
    }

    /// <summary>
    /// A file in memory that holds the input: unlike with a pipe, nobody has to write while the program is being read from.
    /// </summary>
    private static Descriptor InputFile(ReadOnlySpan<byte> stdin)
    {
        if (stdin.IsEmpty)
        {
            return new Descriptor(LibC.Check(LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0)));
        }

        Descriptor file = new(LibC.Check(LibC.memfd_create("stdin", LibC.MFD_CLOEXEC)));
        fixed (byte* start = stdin)
        {
            for (int done = 0; done < stdin.Length;)
            {
                done += (int)LibC.Check(LibC.write(file.Number, start + done, stdin.Length - done));
            }
        }

        _ = LibC.lseek(file.Number, 0, 0);
        return file;
    }

    /// <summary>A pipe, close-on-exec.</summary>
    internal static (Descriptor Read, Descriptor Write) Pipe()
    {
        int* ends = stackalloc int[2];
        LibC.Check(LibC.pipe2(ends, LibC.O_CLOEXEC));
        _ = LibC.fcntl(ends[0], LibC.F_SETPIPE_SZ, PipeSize); // larger is faster; a refusal costs nothing else
        return (new Descriptor(ends[0]), new Descriptor(ends[1]));
    }

    /// <summary>Reads two pipes until both are closed; false when one gave too much.</summary>
    private static bool ReadBoth(Descriptor output, ArrayBufferWriter<byte> outputBytes, Descriptor error, ArrayBufferWriter<byte> errorBytes)
    {
        LibC.PollFd* polled = stackalloc LibC.PollFd[2];
        polled[0] = new LibC.PollFd { Fd = output.Number, Events = LibC.POLLIN };
        polled[1] = new LibC.PollFd { Fd = error.Number, Events = LibC.POLLIN };
        while (polled[0].Fd >= 0 || polled[1].Fd >= 0)
        {
            if (LibC.poll(polled, 2, -1) == -1 && LibC.LastErrno != Errno.EINTR)
            {
                throw new LinuxException("poll", LibC.LastErrno);
            }

            for (int i = 0; i < 2; i++)
            {
                if (polled[i].Fd >= 0 && polled[i].Revents != 0)
                {
                    ArrayBufferWriter<byte> bytes = i == 0 ? outputBytes : errorBytes;
                    polled[i].Fd = ReadSome(polled[i].Fd, bytes) ? polled[i].Fd : -1; // poll skips negative descriptors
                    if (bytes.WrittenCount > OutputLimit)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static bool ReadSome(int fd, ArrayBufferWriter<byte> bytes)
    {
        Span<byte> room = bytes.GetSpan(64 * 1024);
        fixed (byte* start = room)
        {
            nint got = LibC.read(fd, start, room.Length);
            if (got == -1 && LibC.LastErrno != Errno.EINTR)
            {
                throw new LinuxException("read", LibC.LastErrno);
            }

            bytes.Advance((int)Math.Max(got, 0));
            return got != 0;
        }
    }
}
