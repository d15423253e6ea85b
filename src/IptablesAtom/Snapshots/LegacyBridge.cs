using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>Keeps scripts out that build a bridge firewall by ebtables-legacy, which is not committed.</summary>
internal static class LegacyBridge
{
    /// <summary>To be called when the script has ended, before staging is read.</summary>
    /// <param name="staging">The staging namespace.</param>
    /// <exception cref="LegacyBridgeException">There are such rules.</exception>
    internal static void Refuse(NetworkNamespace staging)
    {
        if (EbtablesLegacy.TablesWithRules(staging) is { Count: > 0 } tables)
        {
            throw new LegacyBridgeException(tables);
        }
    }
}
