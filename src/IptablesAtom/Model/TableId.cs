namespace IptablesAtom.Model;

/// <summary>A table's identity in one network namespace.</summary>
/// <param name="Backend">Where the kernel keeps it.</param>
/// <param name="Family">Its family.</param>
/// <param name="Name">Its name.</param>
public readonly record struct TableId(Backend Backend, Family Family, string Name)
{
    private static readonly string[] Builtin = ["filter", "nat", "mangle", "raw", "security"];

    /// <summary>True if iptables, ip6tables, arptables or ebtables own a table of this name; else it is a native nft one.</summary>
    public bool IsXtables => Backend == Backend.Legacy || Family switch
    {
        Family.Ipv4 or Family.Ipv6 => Array.IndexOf(Builtin, Name) >= 0,
        Family.Arp => Name == "filter",
        Family.Bridge => Name is "filter" or "nat" or "broute",
        _ => false,
    };

    /// <summary>The order in which tables are shown: backend, family, then iptables' own order of names.</summary>
    /// <param name="left">One table.</param>
    /// <param name="right">The other.</param>
    public static int Compare(TableId left, TableId right)
    {
        int order = (left.Backend, left.Family, IndexOf(left.Name)).CompareTo((right.Backend, right.Family, IndexOf(right.Name)));
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }

    /// <summary>As in messages: <c>iptables filter</c>, <c>ip6tables-legacy nat</c>, <c>nft inet mine</c>.</summary>
    public override string ToString()
    {
        string tool = Family switch
        {
            _ when !IsXtables => $"nft {Family.NftName}",
            Family.Ipv6 => "ip6tables",
            Family.Arp => "arptables",
            Family.Bridge => "ebtables",
            _ => "iptables",
        };
        return Backend == Backend.Legacy ? $"{tool}-legacy {Name}" : $"{tool} {Name}";
    }

    private static int IndexOf(string name) => Array.IndexOf(Builtin, name) is var index and >= 0 ? index : int.MaxValue;
}
