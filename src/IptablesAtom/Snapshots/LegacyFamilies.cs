using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;

namespace IptablesAtom.Snapshots;

/// <summary>The families that have legacy tables here.</summary>
internal static class LegacyFamilies
{
    internal static readonly Family[] All = [Family.Ipv4, Family.Ipv6, Family.Arp];

    extension(Family family)
    {
        /// <summary>The wire format of the family's legacy tables.</summary>
        internal XtablesLayout Xtables => family switch
        {
            Family.Ipv4 => XtablesLayout.Ipv4,
            Family.Ipv6 => XtablesLayout.Ipv6,
            Family.Arp => XtablesLayout.Arp,
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, "no legacy tables of this family"),
        };
    }
}
