using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>What all parts of one merge share: the input, who owns what, and what is foreign.</summary>
/// <remarks>
/// Owners are numbered anew: the sources of the base without the current one, then the current one, which thus is the last
/// (see <see cref="Base.Sources"/>).
/// </remarks>
internal sealed class MergeContext
{
    private readonly int[] _renumbered;

    internal MergeContext(PlanInput input)
    {
        Input = input;
        Sources = [.. input.Base.Sources.Where(source => source != input.Source), input.Source];
        _renumbered = [.. input.Base.Sources.Select(source => Sources.IndexOf(source))];
        Names = new ForeignNames(input.Live, input.Options.Keep);
        AllForeign = !input.Base.IsFirstRun || input.Options.Adopt;
        KnownAs = input.Base.IndexOf(input.Source);
        LeftNftTables = input.Seed.Tables.Any(table => TableHandle.Of(table) is var handle and not 0
            && TableHandle.Of(input.Staged.Find(table.Id)) == handle);
    }

    internal PlanInput Input { get; }

    internal List<string> Sources { get; }

    /// <summary>The owner number of the source that is being applied.</summary>
    internal int Current => Sources.Count - 1;

    /// <summary>The number of that source in the base, or <see cref="Base.Foreign"/>.</summary>
    internal int KnownAs { get; }

    internal ForeignNames Names { get; }

    /// <summary>True if all that is not of a source is foreign; false if only what is known by name (a first run).</summary>
    internal bool AllForeign { get; }

    /// <summary>True if what the current source has in the base was not in the seed: that is gone unless it is staged again.</summary>
    internal bool OursLeftOut => Input.SeedKind != SeedKind.Live;

    /// <summary>
    /// True if the script left an nft table of the seed: it did not flush the whole ruleset, so a table that it
    /// deleted is gone on purpose.
    /// </summary>
    internal bool LeftNftTables { get; }

    /// <summary>An owner of the base in the numbers of this merge.</summary>
    internal int Owner(int owner) => owner == Base.Foreign ? Base.Foreign : _renumbered[owner];

    /// <summary>For each live rule of a chain its owner.</summary>
    internal int[] Owners(BaseChain? known, IReadOnlyList<Rule> live)
    {
        int[] owners = BaseOwners.Of(known, live);
        for (int index = 0; index < owners.Length; index++)
        {
            owners[index] = Owner(owners[index]);
        }

        return owners;
    }
}
