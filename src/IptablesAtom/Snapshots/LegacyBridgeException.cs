using IptablesAtom.Netlink;

namespace IptablesAtom.Snapshots;

/// <summary>The script made rules by ebtables-legacy.</summary>
public sealed class LegacyBridgeException : AtomException
{
    internal LegacyBridgeException(IReadOnlyList<string> tables)
        : base($"the script made rules by ebtables-legacy ({string.Join(", ", tables)}), which iptables-atom does not commit; live is untouched. "
            + "Let it use ebtables-nft (update-alternatives --set ebtables /usr/sbin/ebtables-nft)") => Tables = tables;

    /// <summary>The tables that have rules.</summary>
    public IReadOnlyList<string> Tables { get; }
}
