namespace IptablesAtom.Snapshots;

/// <summary>Sorted arrays as sets: walked side by side, without hashing.</summary>
internal static class Sorted
{
    /// <summary>What is in the first and not in the second.</summary>
    internal static ulong[] Without(ulong[] first, ulong[] second) => second.Length == 0 ? first : Walk(first, second, keepCommon: false);

    /// <summary>What is in both.</summary>
    internal static ulong[] Both(ulong[] first, ulong[] second) => second.Length == 0 ? [] : Walk(first, second, keepCommon: true);

    private static ulong[] Walk(ulong[] first, ulong[] second, bool keepCommon)
    {
        List<ulong> result = [];
        int at = 0;
        foreach (ulong value in first)
        {
            while (at < second.Length && second[at] < value)
            {
                at++;
            }

            if ((at < second.Length && second[at] == value) == keepCommon)
            {
                result.Add(value);
            }
        }

        return [.. result];
    }
}
