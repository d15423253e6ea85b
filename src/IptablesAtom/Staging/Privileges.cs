using System.Globalization;

namespace IptablesAtom.Staging;

/// <summary>What the caller may do, as the kernel tells it.</summary>
internal static class Privileges
{
    private const int NetAdmin = 12; // CAP_NET_ADMIN
    private const int SysAdmin = 21; // CAP_SYS_ADMIN

    /// <summary>Makes sure that namespaces can be made and filled.</summary>
    /// <exception cref="PrivilegeException">They cannot; the message says what to do.</exception>
    internal static void RequireStaging()
    {
        ulong effective = 0;
        string user = "";
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("CapEff:", StringComparison.Ordinal))
            {
                effective = ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("Uid:", StringComparison.Ordinal))
            {
                user = line.Split('\t')[2];
            }
        }

        bool Has(int capability) => (effective & (1UL << capability)) != 0;
        if (Has(NetAdmin) && Has(SysAdmin))
        {
            return;
        }

        throw new PrivilegeException(user != "0"
            ? "this needs root: run it as root or with sudo"
            : $"root here lacks {(Has(SysAdmin) ? "CAP_NET_ADMIN" : "CAP_SYS_ADMIN")}, as in most containers: run it on the host, "
                + "or give the container that capability (docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN)");
    }
}
