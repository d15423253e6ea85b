using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>What staging starts with, and why.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">The tables and sets to put into staging.</param>
/// <param name="Reason">A sentence for the user.</param>
public sealed record SeedPlan(SeedKind Kind, Snapshot Content, string Reason)
{
    private StandIns StandIns { get; init; } = new();

    /// <summary>Staging as the merge is to see it: rules of others that could not be in the seed stand where their stand-ins are.</summary>
    /// <param name="staging">As read.</param>
    public Snapshot Resolve(Snapshot staging) => StandIns.Resolve(staging);

    /// <summary>Decides.</summary>
    /// <remarks>
    /// Live is right for every script that was not applied before: one that flushes ends the same from a copy of live as from nothing, one that only
    /// adds needs what it builds on. When the same source runs again, its own earlier rules are left out so that they are not doubled.
    /// </remarks>
    /// <param name="from">What the user asked for.</param>
    /// <param name="source">The source, as in <see cref="PlanInput.Source"/>.</param>
    /// <param name="known">What was applied last.</param>
    /// <param name="live">Live now.</param>
    public static SeedPlan Choose(SeedFrom from, string source, Base known, Snapshot live) => (from, known.IndexOf(source)) switch
    {
        (SeedFrom.Empty, _) => new(SeedKind.Empty, Snapshot.Empty, "staging starts empty, as --from empty asks"),
        (SeedFrom.Live, _) => new(SeedKind.Live, live, "staging starts as a copy of live, as --from live asks"),
        (_, Base.Foreign) => new(SeedKind.Live, live, known.IsFirstRun
            ? "staging starts as a copy of live, because nothing was applied here before"
            : "staging starts as a copy of live, because this source was not applied here before"),
        (_, int owner) => WithoutOurs(live, known, owner),
    };

    private static SeedPlan WithoutOurs(Snapshot live, Base known, int owner)
    {
        StandIns standIns = new();
        return new SeedPlan(
            SeedKind.LiveWithoutOurs,
            new SeedWithout(live, known, owner, standIns).Make(),
            "staging starts as a copy of live without what this source put there when it was applied before")
        {
            StandIns = standIns,
        };
    }
}
