namespace IptablesAtom.Netlink.Nftables;

/// <summary>A change that somebody made.</summary>
/// <param name="Kind">One of <see cref="NftMessage"/>.</param>
/// <param name="Family">NFPROTO_* of the table.</param>
/// <param name="Table">The table.</param>
/// <param name="Name">The chain, for a rule or chain; else the set or object; empty for a table.</param>
internal readonly record struct NftEvent(int Kind, byte Family, string Table, string Name);
