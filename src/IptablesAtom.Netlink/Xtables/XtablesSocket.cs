using System.Runtime.InteropServices;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Netlink.Xtables;

/// <summary>
/// The way to one family's legacy tables in one namespace: a raw socket whose options read and replace whole tables.
/// Opened inside the namespace on a <see cref="NamespaceThread"/>; usable from any thread.
/// </summary>
internal sealed unsafe class XtablesSocket : IDisposable
{
    private const int ReadAttempts = 1000;
    private readonly Descriptor _socket;

    private XtablesSocket(XtablesLayout layout, Descriptor socket)
    {
        Layout = layout;
        _socket = socket;
    }

    internal XtablesLayout Layout { get; }

    /// <summary>Opens the socket in a namespace.</summary>
    internal static XtablesSocket Open(NetworkNamespace target, XtablesLayout layout) =>
        NamespaceThread.Run(target, () => new XtablesSocket(layout, new Descriptor(LibC.Check(
            LibC.socket(layout.AddressFamily, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, 255))))); // IPPROTO_RAW

    /// <summary>A table's shape. Asking for a table that does not exist makes it, with its hooks and policy ACCEPT.</summary>
    /// <exception cref="XtablesException">ENOENT: the kernel has no such table.</exception>
    internal XtablesInfo GetInfo(string table)
    {
        byte* info = stackalloc byte[Layout.InfoSize];
        PutName(info, table, Layout.InfoSize);
        Get(Layout.Options, info, (uint)Layout.InfoSize, "reading", table);
        int hooks = Layout.HookCount;
        uint* words = (uint*)(info + XtablesLayout.NameSize);
        return new XtablesInfo
        {
            ValidHooks = words[0],
            HookEntry = new ReadOnlySpan<int>(words + 1, hooks).ToArray(),
            Underflow = new ReadOnlySpan<int>(words + 1 + hooks, hooks).ToArray(),
            EntryCount = (int)words[1 + (2 * hooks)],
            Size = (int)words[2 + (2 * hooks)],
        };
    }

    /// <summary>The whole table, counters included. See <see cref="GetInfo"/> for tables that do not exist.</summary>
    internal XtablesBlob GetEntries(string table)
    {
        for (int attempt = 1; ; attempt++)
        {
            XtablesBlob blob = new(Layout, GetInfo(table));
            uint length = (uint)(XtablesLayout.GetEntriesSize + blob.Info.Size);
            fixed (byte* buffer = blob.Buffer)
            {
                byte* request = buffer + Layout.ReplaceSize - XtablesLayout.GetEntriesSize;
                PutName(request, table, XtablesLayout.GetEntriesSize);
                *(uint*)(request + XtablesLayout.NameSize) = (uint)blob.Info.Size;
                if (LibC.getsockopt(_socket.Number, Layout.Level, Layout.Options + 1, request, &length) == 0)
                {
                    return blob;
                }
            }

            // EAGAIN: the size is not the one just told, because the table was replaced between the two calls.
            if (LibC.LastErrno is var errno && (errno != Errno.EAGAIN || attempt == ReadAttempts))
            {
                throw new XtablesException("reading", table, errno);
            }
        }
    }

    /// <summary>
    /// Replaces a table: the kernel checks every rule, then stores one pointer. Refused, the table is as it was.
    /// </summary>
    /// <param name="table">Which.</param>
    /// <param name="blob">As it shall be.</param>
    /// <param name="currentCount">Number of entries the table has now: the kernel refuses with EAGAIN if it has another.</param>
    /// <returns>What the entries of the table that was replaced had seen, in their order. The new ones begin at 0.</returns>
    internal XtablesCounter[] Replace(string table, XtablesBlob blob, int currentCount)
    {
        XtablesCounter[] old = new XtablesCounter[currentCount];
        int hooks = Layout.HookCount;
        fixed (byte* buffer = blob.Buffer)
        fixed (XtablesCounter* counters = old)
        {
            PutName(buffer, table, Layout.ReplaceSize);
            uint* words = (uint*)(buffer + XtablesLayout.NameSize);
            words[0] = blob.Info.ValidHooks;
            words[1] = (uint)blob.Info.EntryCount;
            words[2] = (uint)blob.Info.Size;
            blob.Info.HookEntry.CopyTo(new Span<int>(words + 3, hooks));
            blob.Info.Underflow.CopyTo(new Span<int>(words + 3 + hooks, hooks));
            *(uint*)(buffer + Layout.CounterCountAt) = (uint)currentCount;
            *(XtablesCounter**)(buffer + Layout.CountersPointerAt) = counters;
            Set(Layout.Options, buffer, (uint)blob.Buffer.Length, "replacement", table);
        }

        return old;
    }

    /// <summary>Adds to what each entry has seen. There must be one for each entry that the table has.</summary>
    internal void AddCounters(string table, ReadOnlySpan<XtablesCounter> counters)
    {
        byte[] message = new byte[XtablesLayout.GetEntriesSize + (16 * counters.Length)];
        MemoryMarshal.AsBytes(counters).CopyTo(message.AsSpan(XtablesLayout.GetEntriesSize));
        fixed (byte* buffer = message)
        {
            PutName(buffer, table, XtablesLayout.GetEntriesSize);
            *(uint*)(buffer + XtablesLayout.NameSize) = (uint)counters.Length;
            Set(Layout.Options + 1, buffer, (uint)message.Length, "setting the counters", table);
        }
    }

    /// <summary>True if the kernel has this revision of a match.</summary>
    internal bool HasMatch(string name, byte revision)
    {
        // struct xt_get_revision: name[29], u8 revision
        Span<byte> request = stackalloc byte[30];
        request.Clear();
        Encoding.ASCII.GetBytes(name, request);
        request[29] = revision;
        uint length = 30;
        fixed (byte* buffer = request)
        {
            return LibC.getsockopt(_socket.Number, Layout.Level, Layout.MatchRevision, buffer, &length) == 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void PutName(byte* header, string table, int headerSize)
    {
        Span<byte> span = new(header, headerSize);
        span.Clear();
        Encoding.ASCII.GetBytes(table, span[..(XtablesLayout.NameSize - 1)]);
    }

    private void Get(int option, byte* buffer, uint length, string operation, string table)
    {
        if (LibC.getsockopt(_socket.Number, Layout.Level, option, buffer, &length) == -1)
        {
            throw new XtablesException(operation, table, LibC.LastErrno);
        }
    }

    private void Set(int option, byte* buffer, uint length, string operation, string table)
    {
        if (LibC.setsockopt(_socket.Number, Layout.Level, option, buffer, length) == -1)
        {
            throw new XtablesException(operation, table, LibC.LastErrno);
        }
    }
}
