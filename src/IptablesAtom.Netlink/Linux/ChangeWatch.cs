using System.Runtime.InteropServices;
using System.Text;

namespace IptablesAtom.Netlink.Linux;

/// <summary>Which files below some directories were written, in order (inotify(7), IN_MODIFY).</summary>
/// <remarks>
/// The kernel reports every write(2) that succeeds, for /proc/sys too, where the directory belongs to the network namespace in which it was looked up.
/// A watch keeps the directory's inode; where a directory is made anew per look-up it must also be mounted or open to be found again.
/// </remarks>
internal sealed unsafe class ChangeWatch : IDisposable
{
    private const uint Modified = 2; // IN_MODIFY
    private const uint Overflow = 0x4000; // IN_Q_OVERFLOW

    private readonly Dictionary<int, string> _directories = [];
    private readonly Descriptor _file = new(LibC.Check(LibC.inotify_init1(LibC.O_NONBLOCK | LibC.O_CLOEXEC)));

    /// <summary>struct inotify_event without its name.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Event
    {
        internal int Watch;
        internal uint Mask;
        internal uint Cookie;
        internal uint NameLength;
    }

    /// <summary>Watches the files of a directory.</summary>
    /// <param name="path">As the calling thread sees it.</param>
    /// <param name="name">What to call it in the result.</param>
    internal void Add(string path, string name)
    {
        int watch = LibC.inotify_add_watch(_file.Number, path, Modified);
        if (watch == -1)
        {
            throw new LinuxException($"inotify_add_watch {path} (is /proc/sys/fs/inotify/max_user_watches too small?)", LibC.LastErrno);
        }

        _directories[watch] = name;
    }

    /// <summary>The files written until now, each once, in the order of their last writes; null when there were more than the kernel remembers.</summary>
    internal List<string>? Take()
    {
        Dictionary<string, int> last = [];
        byte* buffer = stackalloc byte[32 * 1024];
        int order = 0;
        while (true)
        {
            nint length = LibC.read(_file.Number, buffer, 32 * 1024);
            if (length == -1 && LibC.LastErrno == Errno.EINTR)
            {
                continue;
            }

            if (length <= 0)
            {
                return [.. last.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
            }

            for (nint at = 0; at < length;)
            {
                Event* change = (Event*)(buffer + at);
                if ((change->Mask & Overflow) != 0)
                {
                    return null;
                }

                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)(change + 1));
                if ((change->Mask & Modified) != 0 && change->NameLength > 0)
                {
                    last[$"{_directories[change->Watch]}/{Encoding.UTF8.GetString(name)}"] = order++;
                }

                at += sizeof(Event) + (nint)change->NameLength;
            }
        }
    }

    /// <summary>Ends the watch, on a thread of its own: the kernel's close waits for an SRCU grace period, 10 ms and more, and nothing depends on it.</summary>
    public void Dispose() => new Thread(_file.Dispose) { IsBackground = true }.Start();
}
