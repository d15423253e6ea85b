namespace IptablesAtom.Planning;

/// <summary>Where the live rules go that staging lacks and that stay: beside the nearest neighbour that staging still has.</summary>
internal sealed class Insertions
{
    private readonly Dictionary<int, List<int>> _before = [];
    private readonly Dictionary<int, List<int>> _after = [];

    /// <summary>Those that go before all.</summary>
    internal List<int> AtStart { get; } = [];

    /// <summary>Those that go behind all.</summary>
    internal List<int> AtEnd { get; } = [];

    /// <summary>Finds the places.</summary>
    /// <param name="liveCount">Number of live rules.</param>
    /// <param name="absent">Indexes of those that come back, rising.</param>
    /// <param name="partner">For each live rule its index in staging, or -1.</param>
    internal static Insertions Place(int liveCount, List<int> absent, int[] partner)
    {
        Insertions result = new();
        if (absent.Count == 0)
        {
            return result;
        }

        int first = Array.FindIndex(partner, index => index >= 0);
        HashSet<int> staying = [.. absent];
        int firstOther = Enumerable.Range(0, liveCount).FirstOrDefault(index => !staying.Contains(index), int.MaxValue);
        int lastOther = Enumerable.Range(0, liveCount).LastOrDefault(index => !staying.Contains(index), -1);
        int anchor = -1;
        int next = 0;
        foreach (int index in absent)
        {
            for (; next < index; next++)
            {
                anchor = partner[next] >= 0 ? partner[next] : anchor;
            }

            List<int> target = anchor >= 0 ? Of(result._after, anchor)
                : first >= 0 ? Of(result._before, partner[first])
                : firstOther < index && lastOther < index ? result.AtEnd
                : result.AtStart;
            target.Add(index);
        }

        return result;
    }

    /// <summary>Those that go before a staged rule; null for none.</summary>
    internal List<int>? Before(int staged) => _before.GetValueOrDefault(staged);

    /// <summary>Those that go behind a staged rule; null for none.</summary>
    internal List<int>? After(int staged) => _after.GetValueOrDefault(staged);

    private static List<int> Of(Dictionary<int, List<int>> side, int anchor) =>
        side.TryGetValue(anchor, out List<int>? list) ? list : side[anchor] = [];
}
