using System.Globalization;
using System.Text;
using IptablesAtom.Model;

namespace IptablesAtom.Committing;

/// <summary>
/// Temporary names for hashlimit tables and rate estimators whose parameters change: while the old rules are there, the kernel
/// gives new ones of the same name the old parameters (hashlimit), or refuses them (RATEEST).
/// </summary>
internal sealed class NftTemporaryNames
{
    private readonly Dictionary<NftNamedState, string> _names = [];

    /// <summary>Finds the names that clash.</summary>
    /// <param name="live">The tables in force.</param>
    /// <param name="desired">The tables as they shall be.</param>
    internal NftTemporaryNames(IEnumerable<Table> live, IEnumerable<Table> desired)
    {
        Dictionary<NftNamedState, HashSet<UInt128>> wanted = Parameters(desired);
        if (wanted.Count == 0)
        {
            return;
        }

        Dictionary<NftNamedState, HashSet<UInt128>> found = Parameters(live);
        foreach ((NftNamedState state, HashSet<UInt128> parameters) in wanted)
        {
            if (found.TryGetValue(state, out HashSet<UInt128>? now) && !parameters.IsSubsetOf(now))
            {
                _names[state] = string.Create(CultureInfo.InvariantCulture, $"{TemporaryName.Prefix}{_names.Count}");
            }
        }
    }

    /// <summary>True if none clashes.</summary>
    internal bool IsEmpty => _names.Count == 0;

    /// <summary>What has a temporary name.</summary>
    internal IEnumerable<NftNamedState> States => _names.Keys;

    /// <summary>True if a rule names any of them.</summary>
    internal bool IsIn(Family family, Rule rule) =>
        !IsEmpty && NftNamedState.In(family, rule.Raw).Exists(place => _names.ContainsKey(place.State));

    /// <summary>Gives a rule's bytes the temporary names.</summary>
    internal void Apply(Family family, byte[] raw)
    {
        foreach (NftNamedState.Place place in NftNamedState.In(family, raw))
        {
            if (_names.TryGetValue(place.State, out string? temporary))
            {
                Write(raw, place, temporary);
            }
        }
    }

    /// <summary>Gives a rule's bytes the real names back.</summary>
    /// <returns>True if there were temporary ones.</returns>
    internal bool Restore(Family family, byte[] raw)
    {
        bool any = false;
        foreach (NftNamedState.Place place in NftNamedState.In(family, raw))
        {
            foreach ((NftNamedState state, string temporary) in _names)
            {
                if (place.State == state with { Name = temporary })
                {
                    Write(raw, place, state.Name);
                    any = true;
                }
            }
        }

        return any;
    }

    private static Dictionary<NftNamedState, HashSet<UInt128>> Parameters(IEnumerable<Table> tables)
    {
        Dictionary<NftNamedState, HashSet<UInt128>> all = [];
        foreach (Table table in tables)
        {
            foreach (Rule rule in table.Chains.SelectMany(chain => chain.Rules))
            {
                // Most rules have neither word in them: no need to take them apart.
                if (rule.Raw.AsSpan().IndexOf("hashlimit"u8) < 0 && rule.Raw.AsSpan().IndexOf("RATEEST"u8) < 0)
                {
                    continue;
                }

                foreach (NftNamedState.Place place in NftNamedState.In(table.Id.Family, rule.Raw))
                {
                    if (place.Parameters is { } parameters)
                    {
                        (all.TryGetValue(place.State, out HashSet<UInt128>? known) ? known : all[place.State] = []).Add(parameters);
                    }
                }
            }
        }

        return all;
    }

    private static void Write(byte[] raw, NftNamedState.Place place, string name)
    {
        Span<byte> room = raw.AsSpan(place.Offset, place.Size);
        room.Clear();
        Encoding.Latin1.GetBytes(name, room);
    }
}
