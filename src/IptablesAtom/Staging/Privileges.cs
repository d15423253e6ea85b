using System.Globalization;

namespace IptablesAtom.Staging;

/// <summary>What the caller may do, as the kernel tells it.</summary>
internal static class Privileges
{
    private const int NetAdmin = 12; // CAP_NET_ADMIN
    private const int SysAdmin = 21; // CAP_SYS_ADMIN

    /// <summary>True if namespaces can be made and filled, and live be read.</summary>
    internal static bool CanStage => Missing.Count == 0;

    /// <summary>The capabilities that lack for it, by name.</summary>
    internal static IReadOnlyList<string> Missing
    {
        get
        {
            ulong effective = ulong.Parse(Field("CapEff:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return [.. new (int Bit, string Name)[] { (NetAdmin, "CAP_NET_ADMIN"), (SysAdmin, "CAP_SYS_ADMIN") }
                .Where(capability => (effective & (1UL << capability.Bit)) == 0).Select(capability => capability.Name)];
        }
    }

    /// <summary>Makes sure that namespaces can be made and filled.</summary>
    /// <exception cref="PrivilegeException">They cannot; the message says what to do.</exception>
    internal static void RequireStaging()
    {
        IReadOnlyList<string> missing = Missing;
        if (missing.Count == 0)
        {
            return;
        }

        throw new PrivilegeException(Field("Uid:").Split('\t')[1] != "0"
            ? "this needs root: run it as root or with sudo (plan and build work without)"
            : $"root here lacks {missing[^1]}, as in most containers: run it on the host, "
                + "or give the container that capability (docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN)");
    }

    private static string Field(string name) =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
