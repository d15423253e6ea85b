using IptablesAtom.Model;

namespace IptablesAtom.Planning;

/// <summary>Finds the rules of the base in live.</summary>
internal static class BaseOwners
{
    /// <summary>For each live rule of a chain its owner, in the base's numbers.</summary>
    /// <param name="known">What the base remembers of the chain, or null.</param>
    /// <param name="live">Its rules now.</param>
    internal static int[] Of(BaseChain? known, IReadOnlyList<Rule> live)
    {
        int[] owners = new int[live.Count];
        Array.Fill(owners, Base.Foreign);
        if (known is null)
        {
            return owners;
        }

        int[] partner = RuleAlignment.Align(known.Rules, live);
        bool[] taken = new bool[live.Count];
        foreach (int place in partner)
        {
            if (place >= 0)
            {
                taken[place] = true;
            }
        }

        Dictionary<RuleKey, Queue<int>> moved = [];
        for (int index = 0; index < live.Count; index++)
        {
            if (!taken[index])
            {
                moved.Enqueue(live[index].Key, index);
            }
        }

        // Somebody may have moved a rule of ours: it is ours still.
        for (int index = 0; index < partner.Length; index++)
        {
            int place = partner[index] >= 0 ? partner[index] : moved.Dequeue(known.Rules[index].Key);
            if (place >= 0)
            {
                owners[place] = known.Rules[index].Owner;
            }
        }

        return owners;
    }
}
