using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>Which life of a table: after a delete and a create, nf_tables gives it another handle.</summary>
internal static class TableHandle
{
    /// <summary>nft: the kernel's handle; 0 for a legacy table, which never goes, and for none.</summary>
    internal static ulong Of(Table? table) => (table?.Extra as NftTableExtra)?.Handle ?? 0;
}
