using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>A table that will differ from live.</summary>
/// <param name="Id">Which.</param>
/// <param name="Live">As the plan found it in live; null if it is not there.</param>
/// <param name="Desired">
/// As it shall be; null if it shall not be there (a native nft table). Its rules are staged ones (bytes with staging's set
/// indexes: see <see cref="Rule.Sets"/>) and, for what stays, the very objects of <paramref name="Live"/>.
/// </param>
public sealed record TableChange(TableId Id, Table? Live, Table? Desired);
