using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IptablesAtom.Bench.Support;

/// <summary>
/// What must go when the program ends, also by Ctrl-C: the children that run and the temporary directory. The namespaces are anonymous:
/// they end with the processes that hold them.
/// </summary>
internal static class Cleanup
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Process> Children = [];
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static bool _ended;

    /// <summary>A private directory, removed at the end.</summary>
    internal static string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("iptables-atom-bench-").FullName;

    internal static void OnSignals()
    {
        foreach ((PosixSignal signal, int number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Now();
                Environment.Exit(128 + number);
            }));
        }
    }

    /// <summary>Starts a child that ends with this program.</summary>
    internal static Process Start(ProcessStartInfo start)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(Cleanup));
            Process process = Process.Start(start)!;
            Children.Add(process);
            return process;
        }
    }

    internal static void Ended(Process process)
    {
        lock (Gate)
        {
            Children.Remove(process);
        }
    }

    internal static void Now()
    {
        lock (Gate)
        {
            _ended = true;
            foreach (Process process in Children.Where(process => !process.HasExited))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(5000);
            }

            if (System.IO.Directory.Exists(Directory))
            {
                System.IO.Directory.Delete(Directory, recursive: true);
            }
        }
    }
}
