using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Xtables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>State that rules share by a name of the namespace: the tables of hashlimit (one space a family) and the estimators of RATEEST.</summary>
/// <remarks>
/// The kernel makes such an object with the parameters of the first rule that names it, and keeps it while any rule does. A new rule with
/// other parameters silently gets the old object (hashlimit), or is refused with EINVAL (RATEEST). Old and new rules are in the kernel
/// together for a moment in every commit, so what changes its parameters takes a temporary name first, and its own when the old rules are gone.
/// </remarks>
internal static class LegacyNamedState
{
    private const int EstimatorName = 16; // IFNAMSIZ
    private static readonly List<Place> None = [];

    /// <summary>The names whose parameters differ between the old and the new tables, each with a temporary name.</summary>
    internal static IReadOnlyDictionary<(Family Space, string Name), string> Clashes(IEnumerable<Table> old, IEnumerable<Table> desired)
    {
        Dictionary<(Family, string), HashSet<UInt128>> before = Parameters(old);
        Dictionary<(Family, string), string> clashes = [];
        foreach (((Family, string) name, HashSet<UInt128> parameters) in Parameters(desired))
        {
            if (before.TryGetValue(name, out HashSet<UInt128>? others) && !others.SetEquals(parameters))
            {
                clashes[name] = string.Create(CultureInfo.InvariantCulture, $"atom{Random.Shared.Next():x8}{clashes.Count % 1000}");
            }
        }

        return clashes;
    }

    /// <summary>True if a rule of the table uses one of the names.</summary>
    internal static bool Uses(Table table, IReadOnlyDictionary<(Family Space, string Name), string> names) =>
        names.Count > 0 && table.Chains.Any(chain => chain.Rules.Any(rule => Find(table.Id.Family, rule).Any(place => names.ContainsKey((place.Space, place.Name)))));

    /// <summary>The table with temporary names.</summary>
    internal static Table Rename(Table table, IReadOnlyDictionary<(Family Space, string Name), string> names) => names.Count == 0
        ? table
        : table.With([.. table.Chains.Select(chain => chain.With([.. chain.Rules.Select(rule => Rename(table.Id.Family, rule, names))]))]);

    private static Rule Rename(Family family, Rule rule, IReadOnlyDictionary<(Family Space, string Name), string> names)
    {
        byte[]? raw = null;
        foreach (Place place in Find(family, rule))
        {
            if (names.TryGetValue((place.Space, place.Name), out string? name))
            {
                raw ??= [.. rule.Raw];
                raw.AsSpan(place.Offset, place.Length).Clear();
                Encoding.Latin1.GetBytes(name, raw.AsSpan(place.Offset));
            }
        }

        return raw is null ? rule : rule.WithBytes(raw);
    }

    private static Dictionary<(Family, string), HashSet<UInt128>> Parameters(IEnumerable<Table> tables)
    {
        Dictionary<(Family, string), HashSet<UInt128>> found = [];
        foreach (Table table in tables)
        {
            foreach (Rule rule in table.Chains.SelectMany(chain => chain.Rules))
            {
                foreach (Place place in Find(table.Id.Family, rule))
                {
                    if (place.ParametersTo == 0)
                    {
                        continue;
                    }

                    if (!found.TryGetValue((place.Space, place.Name), out HashSet<UInt128>? set))
                    {
                        found[(place.Space, place.Name)] = set = [];
                    }

                    int from = place.Offset + place.Length;
                    set.Add(XxHash128.HashToUInt128(rule.Raw.AsSpan(from, place.ParametersTo - from)));
                }
            }
        }

        return found;
    }

    /// <summary>Where a rule has names of such objects.</summary>
    private static List<Place> Find(Family family, Rule rule)
    {
        XtablesLayout layout = family.Xtables;
        ReadOnlySpan<byte> raw = rule.Raw;
        int target = BinaryPrimitives.ReadUInt16LittleEndian(raw[layout.TargetOffsetAt..]);
        List<Place>? places = null; // nearly no rule has any
        for (int at = layout.EntrySize; at < target;)
        {
            int end = at + BinaryPrimitives.ReadUInt16LittleEndian(raw[at..]);
            int payload = at + XtablesLayout.ExtensionHeader;
            if (raw[(at + 2)..].StartsWith("hashlimit\0"u8))
            {
                (places ??= []).Add(Place.Of(raw, family, payload, raw[at + 31] == 1 ? 16 : 255, end)); // IFNAMSIZ in revision 1, NAME_MAX later
            }
            else if (raw[(at + 2)..].StartsWith("rateest\0"u8))
            {
                (places ??= []).Add(Place.Of(raw, default, payload, EstimatorName, 0)); // name1
                (places ??= []).Add(Place.Of(raw, default, payload + EstimatorName, EstimatorName, 0)); // name2
            }

            at = end;
        }

        if (raw[(target + 2)..].StartsWith("RATEEST\0"u8))
        {
            (places ??= []).Add(Place.Of(raw, default, target + XtablesLayout.ExtensionHeader, EstimatorName, raw.Length));
        }

        return places ?? None;
    }

    /// <summary>A name in a rule; where its parameters end, or 0 where the rule only looks an object up. Estimators are of no family.</summary>
    private readonly record struct Place(Family Space, string Name, int Offset, int Length, int ParametersTo)
    {
        internal static Place Of(ReadOnlySpan<byte> raw, Family space, int offset, int length, int parametersTo)
        {
            ReadOnlySpan<byte> name = raw.Slice(offset, length);
            int end = name.IndexOf((byte)0);
            return new Place(space, Encoding.Latin1.GetString(end < 0 ? name : name[..end]), offset, length, parametersTo);
        }
    }
}
