using System.Globalization;

namespace IptablesAtom.Staging;

/// <summary>What the caller may do, as the kernel tells it.</summary>
internal static class Privileges
{
    private const int NetAdmin = 12; // CAP_NET_ADMIN
    private const int SysAdmin = 21; // CAP_SYS_ADMIN

    /// <summary>True if namespaces can be made and filled, and live be read.</summary>
    internal static bool CanStage => Missing is null;

    /// <summary>The capability that lacks; null if none does.</summary>
    private static string? Missing
    {
        get
        {
            ulong effective = ulong.Parse(Field("CapEff:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return (effective & (1UL << SysAdmin)) == 0 ? "CAP_SYS_ADMIN" : (effective & (1UL << NetAdmin)) == 0 ? "CAP_NET_ADMIN" : null;
        }
    }

    /// <summary>Makes sure that namespaces can be made and filled.</summary>
    /// <exception cref="PrivilegeException">They cannot; the message says what to do.</exception>
    internal static void RequireStaging()
    {
        if (Missing is not { } missing)
        {
            return;
        }

        throw new PrivilegeException(Field("Uid:").Split('\t')[1] != "0"
            ? "this needs root: run it as root or with sudo (plan and build work without)"
            : $"root here lacks {missing}, as in most containers: run it on the host, "
                + "or give the container that capability (docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN)");
    }

    private static string Field(string name) =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
