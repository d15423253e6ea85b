namespace IptablesAtom.Snapshots;

/// <summary>A stateful object (counter, quota, limit, ct helper...) or a flowtable of a table, as the kernel's own bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">NFT_OBJECT_*; 0 for a flowtable.</param>
/// <param name="Attributes">The attributes that re-creation takes, but table and name.</param>
/// <param name="Hash">Equal for objects that differ in state only.</param>
internal sealed record NftObject(string Name, uint Type, byte[] Attributes, UInt128 Hash);
