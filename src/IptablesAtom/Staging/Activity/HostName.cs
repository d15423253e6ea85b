using System.Globalization;
using System.Text;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Activity;

/// <summary>The host name in staging: a name space of its own (CLONE_NEWUTS), so the machine's is not changed.</summary>
internal sealed class HostName : IDisposable
{
    private readonly Descriptor _file;
    private readonly string _before;

    private HostName(Descriptor file)
    {
        _file = file;
        _before = Read();
    }

    /// <summary>That of a process.</summary>
    internal static HostName OfProcess(int pid) => new(new Descriptor(LibC.Check(
        LibC.open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/uts"), LibC.O_RDONLY | LibC.O_CLOEXEC, 0))));

    /// <summary>The name that it was given since; null if it is the same.</summary>
    internal string? Changed => Read() is var now && now == _before ? null : now;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private string Read() => new OwnThread<string>(() =>
    {
        LibC.Check(LibC.setns(_file.Number, LibC.CLONE_NEWUTS));
        return Encoding.UTF8.GetString(KernelFile.TryRead("/proc/sys/kernel/hostname") ?? []).TrimEnd('\n');
    }).Result;
}
