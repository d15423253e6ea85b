using System.Diagnostics;
using System.Globalization;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Tests.Support;

/// <summary>
/// An anonymous network namespace of a test's own: made here, gone with <see cref="Dispose"/>. Commands run in it through nsenter,
/// with an xtables lock of their own. The machine's own namespace is never touched.
/// </summary>
internal sealed class TestNamespace : IDisposable
{
    private readonly string _lockFile = Path.Combine(Path.GetTempPath(), $"atom-test-{Guid.NewGuid():N}.lock");

    internal TestNamespace()
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
            ? NetworkNamespace.FromDescriptor(file!, "a test's namespace")
            : throw new InvalidOperationException("namespace tests need root", failure);
        NsPath = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{file!.Number}");
    }

    internal NetworkNamespace Namespace { get; }

    /// <summary>The xtables lock that the commands of <see cref="Sh"/> take.</summary>
    internal string LockFile => _lockFile;

    /// <summary>A path by which other processes (and <c>--netns</c>) reach it while this process lives.</summary>
    internal string NsPath { get; }

    /// <summary>Runs a shell script inside and gives its standard output; a non-zero exit fails the test.</summary>
    internal string Sh(string script)
    {
        (int status, string output, string error) = Try(script);
        return status == 0 ? output : throw new InvalidOperationException($"exit {status} of: {script}\n{output}{error}");
    }

    /// <summary>Runs a shell script inside.</summary>
    internal (int Status, string Output, string Error) Try(string script)
    {
        ProcessStartInfo start = new("nsenter", [$"--net={NsPath}", "sh", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["XTABLES_LOCKFILE"] = _lockFile;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Everything the real tools say of this namespace, without comments and counters, tables in order: two equal states give equal texts.</summary>
    internal string Dump()
    {
        (_, string text, _) = Try(
            """
            for t in iptables-nft ip6tables-nft arptables-nft ebtables-nft; do echo "== $t"; $t-save 2>/dev/null | grep -v '^#' | sed 's/\[[0-9]*:[0-9]*\]//'; done
            for f in '' 6; do for t in $(sort /proc/net/ip${f}_tables_names 2>/dev/null); do echo "== legacy$f $t"; ip${f}tables-legacy-save -t $t 2>/dev/null | grep -v '^#' | sed 's/\[[0-9]*:[0-9]*\]//'; done; done
            [ -s /proc/net/arp_tables_names ] && { echo "== arp-legacy"; arptables-legacy-save 2>/dev/null | grep -v '^#'; }
            echo "== ipset"; ipset save 2>/dev/null | sed -e 's/ initval 0x[0-9a-f]*//' -e 's/ bucketsize [0-9]*//' -e 's/ hashsize [0-9]*//' -e 's/ timeout [0-9]*$//' | LC_ALL=C sort
            """);
        return text;
    }

    public void Dispose()
    {
        Namespace.Dispose();
        File.Delete(_lockFile);
    }
}
