using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Where shims leave the calls of one process that need no answer (src/shim/shim.c, "Going ahead"): of the script's own shell, or of xargs.</summary>
/// <remarks>
/// Its name ends in that process's id: any other caller finds nobody there and waits for its answer. The datagrams of one unix socket keep their order, and where
/// too many wait the sender waits too (unix(7)). There is one at a time, for the datagrams of two would have no order.
/// </remarks>
/// <param name="place">Staging.</param>
/// <param name="script">The script's file.</param>
internal sealed unsafe class AheadSocket(StagingPlace place, string script) : IDisposable
{
    private Descriptor? _socket;
    private Descriptor? _closed;

    /// <summary>For poll, which passes over -1.</summary>
    internal int Number => _socket?.Number ?? -1;

    /// <summary>
    /// Opens it if the one who started a caller is the script's shell, or an xargs of that shell: xargs starts the next call whatever status below 126 the last had, and
    /// firewall tools have none above. What was left for another process can still be received.
    /// </summary>
    internal void OpenFor(int caller)
    {
        if (ProcessStatus.Read(caller) is { Parent: int parent } && (IsScript(parent) || IsXargsOfScript(parent)))
        {
            Close();
            _socket = place.Run(() => Bind(parent));
        }
    }

    /// <summary>Has every caller wait from now on. The kernel takes in no datagram behind a shutdown and keeps those that came before it.</summary>
    internal void Close()
    {
        if (_socket is { } open)
        {
            LibC.Check(LibC.shutdown(open.Number, LibC.SHUT_RD));
            (_closed, _socket) = (open, null);
        }
    }

    /// <summary>The words of the next call; null if none waits.</summary>
    internal string[]? Receive(byte[] buffer)
    {
        if (_closed is { } closed)
        {
            if (Receive(closed, buffer) is { } words)
            {
                return words;
            }

            closed.Dispose();
            _closed = null;
        }

        return _socket is { } open ? Receive(open, buffer) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed?.Dispose();
        _socket?.Dispose();
    }

    private static string[]? Receive(Descriptor socket, byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            nint got = LibC.recv(socket.Number, start, buffer.Length, LibC.MSG_DONTWAIT);
            return got > 0 ? ShimConnection.WordsOf(buffer.AsSpan(0, (int)got)) : null;
        }
    }

    private bool IsScript(int process) =>
        Encoding.UTF8.GetString(KernelFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")) ?? [])
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Any(word => ToolFiles.Resolve(word) == script);

    private bool IsXargsOfScript(int process) => CallerFiles.Target(process, "exe")?.EndsWith("/xargs", StringComparison.Ordinal) == true
        && ProcessStatus.Read(process) is { Parent: int shell } && IsScript(shell);

    private static Descriptor Bind(int process) => InterceptionMounts.Bind(
        LibC.SOCK_DGRAM, string.Create(CultureInfo.InvariantCulture, $"{InterceptionPaths.AheadSocket}{process}"));
}
