using System.Globalization;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Load;

/// <summary>An anonymous network namespace that ends with this object, or with the process.</summary>
public sealed class ThrowAwayNamespace : IDisposable
{
    /// <summary>Makes it; needs root.</summary>
    /// <param name="description">What to call it.</param>
    public ThrowAwayNamespace(string description)
    {
        Descriptor? file = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                LibC.Check(LibC.unshare(LibC.CLONE_NEWNET));
                file = new Descriptor(LibC.Check(LibC.open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0)));
            }
            catch (LinuxException exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        Namespace = failure is null
            ? NetworkNamespace.FromDescriptor(file!, description)
            : throw new InvalidOperationException($"{description}: throw-away namespaces need root", failure);
        Path = PathOf(Namespace);
    }

    /// <summary>The namespace.</summary>
    public NetworkNamespace Namespace { get; }

    /// <summary>A path by which other processes reach it while this process lives.</summary>
    public string Path { get; }

    /// <summary>Runs a shell script inside.</summary>
    public string Sh(string script) => Shell.Run(Path, script);

    /// <inheritdoc/>
    public void Dispose() => Namespace.Dispose();

    internal static string PathOf(NetworkNamespace target) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{target.Number}");
}
