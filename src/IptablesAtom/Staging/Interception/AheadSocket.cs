using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Where shims leave the calls of the script's own shell that need no answer (src/shim/shim.c, "Going ahead").</summary>
/// <remarks>
/// Its name ends in that shell's process id: the text of any other caller is not known, so it finds nobody there and waits for its answer. The datagrams of
/// one unix socket keep their order, and where too many wait the sender waits too (unix(7)).
/// </remarks>
/// <param name="place">Staging.</param>
/// <param name="script">The script's file.</param>
internal sealed unsafe class AheadSocket(StagingPlace place, string script) : IDisposable
{
    private Descriptor? _socket;

    /// <summary>True if calls can be left.</summary>
    internal bool IsOpen => _socket is not null;

    /// <summary>For poll, which passes over -1.</summary>
    internal int Number => _socket?.Number ?? -1;

    /// <summary>Opens it if the one who started a caller is the script's shell.</summary>
    internal void OpenFor(int caller)
    {
        if (ProcessStatus.Read(caller) is { Parent: int shell } && Words(shell).Any(word => ToolFiles.Resolve(word) == script))
        {
            _socket = place.Run(() => Bind(shell));
        }
    }

    /// <summary>The words of the next call; null if none waits.</summary>
    internal string[]? Receive(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            nint got = IsOpen ? LibC.recv(Number, start, buffer.Length, LibC.MSG_DONTWAIT) : -1;
            return got >= 0 ? ShimConnection.WordsOf(buffer.AsSpan(0, (int)got)) : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static string[] Words(int process) =>
        Encoding.UTF8.GetString(KernelFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")) ?? [])
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static Descriptor Bind(int shell) => InterceptionMounts.Bind(
        LibC.SOCK_DGRAM, string.Create(CultureInfo.InvariantCulture, $"{InterceptionPaths.AheadSocket}{shell}"));
}
