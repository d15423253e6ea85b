using System.Runtime.CompilerServices;
using IptablesAtom.Staging;

namespace IptablesAtom.Tests.Support;

/// <summary>Makes the test program serve as the launcher of staging too, so that the library is tested without the published program.</summary>
internal static class LauncherEntry
{
    /// <summary>The test program's own file.</summary>
    internal static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "IptablesAtom.Tests");

    [ModuleInitializer]
    internal static void Serve()
    {
        string[] args = [.. Environment.GetCommandLineArgs().Skip(1)];
        if (Launcher.IsMeant(args))
        {
            Environment.Exit(Launcher.Main(args));
        }
    }
}
