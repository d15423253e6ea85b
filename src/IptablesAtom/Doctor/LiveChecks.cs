using System.Text;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Doctor;

/// <summary>What is in force now, as far as it can be told without touching it.</summary>
internal static class LiveChecks
{
    /// <summary>Whether legacy tables filter beside the nft ones. Reading the list of tables makes none.</summary>
    internal static Check Mixture(NetworkNamespace live, string? backend, bool isRoot)
    {
        if (!isRoot)
        {
            return new Check("mixture", CheckState.Limited, "only root may read which tables are in use");
        }

        string[] legacy =
        [
            .. XtablesNames.Read(live, XtablesLayout.Ipv4).Select(table => $"iptables {table}"),
            .. XtablesNames.Read(live, XtablesLayout.Ipv6).Select(table => $"ip6tables {table}"),
        ];
        return legacy.Length > 0 && backend == "nft"
            ? new Check("mixture", CheckState.Limited,
                new StringBuilder("iptables here is nft, but there are legacy tables too (").AppendJoin(", ", legacy)
                    .Append("): if rules are in them, both filter every packet").ToString(),
                "iptables-legacy-save shows them; iptables-atom handles both")
            : new Check("mixture", CheckState.Works, legacy.Length == 0 ? "no legacy tables are in use" : "only the tables of the backend in use");
    }
}
