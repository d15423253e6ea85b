namespace IptablesAtom.Staging.Mirror;

/// <summary>
/// The kinds of links that are made as what they are. All others (physical ones, veth, tunnels) stand in staging as TAP or TUN: packets
/// can be put into those, and they need neither a peer nor the other end's namespace.
/// </summary>
internal static class MirroredKind
{
    /// <summary>Of a kind's attributes, those that make it what it is, and those that are set afterwards, where they differ.</summary>
    private static readonly Dictionary<string, (int[] Making, int[] Later)> Settings = new()
    {
        // Forward delay, hello time, maximum age, ageing time, priority, VLAN filtering, group forward mask, multicast snooping,
        // nf_call_*: IFLA_BR_*. STP (5) stays off: nobody answers it here, and ports would wait for it.
        ["bridge"] = ([], [1, 2, 3, 4, 6, 7, 9, 23, 36, 37, 38]),
        ["vlan"] = ([1, 2, 5], []), // IFLA_VLAN_ID, FLAGS, PROTOCOL
        ["macvlan"] = ([1], []), // IFLA_MACVLAN_MODE
        ["macvtap"] = ([1], []),
        ["ipvlan"] = ([1, 2], []), // IFLA_IPVLAN_MODE, FLAGS
        ["ipvtap"] = ([1, 2], []),
        ["bond"] = ([1], [3, 14]), // IFLA_BOND_MODE; MIIMON, XMIT_HASH_POLICY
        ["vrf"] = ([1], []), // IFLA_VRF_TABLE
        ["dummy"] = ([], []),
        ["ifb"] = ([], []),
    };

    /// <summary>
    /// IFLA_BRPORT_*: priority, cost, hairpin, guard, protect, fast leave, learning, flooding, proxy ARP, multicast router, multicast flooding, multicast to
    /// unicast, VLAN tunnel, broadcast flooding, group forward mask, neighbour suppression, isolated. Not the state (1): the bridge finds it.
    /// </summary>
    private static readonly int[] BridgePort = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 25, 27, 28, 29, 30, 31, 32, 33];

    /// <summary>Whether a link of this kind is made as such.</summary>
    internal static bool IsReal(string kind) => Settings.ContainsKey(kind);

    /// <summary>The attributes of IFLA_INFO_DATA without which it would be another link.</summary>
    internal static int[] Making(string kind) => Settings[kind].Making;

    /// <summary>The attributes of IFLA_INFO_SLAVE_DATA to set on a port of such a kind.</summary>
    internal static int[] OfPort(string kind) => kind == "bridge" ? BridgePort : [];

    /// <summary>The attributes of IFLA_INFO_DATA to set on it.</summary>
    internal static int[] Later(string kind) => Settings.TryGetValue(kind, out (int[], int[] Later) found) ? found.Later : [];
}
