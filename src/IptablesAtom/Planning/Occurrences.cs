using System.Runtime.InteropServices;
using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>Places of equal rules, taken in order; and numbers of them.</summary>
internal static class Occurrences
{
    internal static void Enqueue(this Dictionary<RuleKey, Queue<int>> places, RuleKey key, int place) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(places, key, out _) ??= new Queue<int>()).Enqueue(place);

    /// <summary>The next place of that rule, or -1.</summary>
    internal static int Dequeue(this Dictionary<RuleKey, Queue<int>> places, RuleKey key) =>
        places.TryGetValue(key, out Queue<int>? queue) && queue.TryDequeue(out int place) ? place : -1;

    internal static void Count(this Dictionary<RuleKey, int> counts, RuleKey key, int number) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += number;

    /// <summary>Takes one away if there is one left.</summary>
    internal static bool Take(this Dictionary<RuleKey, int> counts, RuleKey key)
    {
        ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, key);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count) || count <= 0)
        {
            return false;
        }

        count--;
        return true;
    }
}
