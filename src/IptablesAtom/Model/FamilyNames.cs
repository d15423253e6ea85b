namespace IptablesAtom.Model;

/// <summary>Words for families.</summary>
public static class FamilyNames
{
    extension(Family family)
    {
        /// <summary>The word of the nft command: <c>ip</c>, <c>ip6</c>, <c>inet</c>, <c>arp</c>, <c>bridge</c>, <c>netdev</c>.</summary>
        public string NftName => family switch
        {
            Family.Ipv4 => "ip",
            Family.Ipv6 => "ip6",
            Family.Inet => "inet",
            Family.Arp => "arp",
            Family.Bridge => "bridge",
            _ => "netdev",
        };
    }
}
