using System.Buffers.Binary;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Rate estimators: the target RATEEST makes one by name, which the match <c>rateest</c> must find when its rule is checked.</summary>
internal static class LegacyEstimators
{
    /// <summary>The tables in an order in which estimators are made before they are used.</summary>
    internal static IEnumerable<Table> First(IEnumerable<Table> tables) => tables.OrderBy(Rank);

    private static int Rank(Table table)
    {
        XtablesLayout layout = table.Id.Family.Xtables;
        bool makes = false;
        bool uses = false;
        foreach (Rule rule in table.Chains.SelectMany(chain => chain.Rules))
        {
            ReadOnlySpan<byte> raw = rule.Raw;
            int target = BinaryPrimitives.ReadUInt16LittleEndian(raw[layout.TargetOffsetAt..]);
            makes |= raw[(target + 2)..].StartsWith("RATEEST\0"u8);
            uses |= raw[layout.EntrySize..target].IndexOf("rateest\0"u8) >= 0;
        }

        return makes ? (uses ? 1 : 0) : 2;
    }
}
