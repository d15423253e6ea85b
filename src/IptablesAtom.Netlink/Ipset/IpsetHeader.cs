namespace IptablesAtom.Netlink.Ipset;

/// <summary>What the kernel says of a set without listing it.</summary>
internal sealed record IpsetHeader(string Name, string TypeName, byte Revision, byte Family);
