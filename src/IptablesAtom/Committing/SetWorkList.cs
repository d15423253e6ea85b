using System.Globalization;
using IptablesAtom.Model;
using IptablesAtom.Planning;

namespace IptablesAtom.Committing;

/// <summary>Decides what a commit does with each ipset. Touches nothing.</summary>
internal static class SetWorkList
{
    /// <summary>The work, members before lists; sets that stay as they are appear only if they are lists that a changed member concerns.</summary>
    /// <param name="changes">The sets that change.</param>
    /// <param name="live">All live sets.</param>
    /// <param name="referenced">Names of the sets that rules will refer to.</param>
    /// <param name="rulesChange">True if rules change in the same commit.</param>
    /// <param name="run">The run's number, which is in the temporary names.</param>
    internal static IReadOnlyList<SetWork> Of(
        IReadOnlyList<SetChange> changes, IReadOnlyList<IpSet> live, IReadOnlySet<string> referenced, bool rulesChange, uint run)
    {
        List<SetWork> work = [.. changes.Select(change => new SetWork(change.Name, change.Live, change.Desired))];
        HashSet<string> changed = [.. work.Select(set => set.Name)];
        work.AddRange(live.Where(set => set.Members.Any(changed.Contains) && !changed.Contains(set.Name)).Select(list => new SetWork(list.Name, list, list)));
        work = [.. work.OrderBy(set => set.IsList)];

        HashSet<string> renamed = [.. work.Where(set => set.IsRenamed).Select(set => set.Name)];
        bool HasRenamed(IpSet? list) => list is not null && list.Members.Any(renamed.Contains);
        foreach (SetWork list in work.Where(set => set.IsList))
        {
            list.IsRefilled = HasRenamed(list.Live) || HasRenamed(list.Desired);
        }

        HashSet<string> looked = [.. referenced, .. work.Where(set => referenced.Contains(set.Name)).SelectMany(set => set.Desired?.Members ?? [])];
        bool flips = rulesChange || work.Any(set => set.IsRenamed && looked.Contains(set.Name));
        HashSet<string> flipped = flips ? [.. work.Where(set => set.IsChanged && looked.Contains(set.Name)).Select(set => set.Name)] : [];
        flipped.UnionWith(work
            .Where(set => set.IsList && referenced.Contains(set.Name) && set.Desired!.Members.Any(flipped.Contains))
            .Select(set => set.Name)
            .ToList());

        int number = 0;
        foreach (SetWork set in work)
        {
            number++;
            string Named(char role) => string.Create(CultureInfo.InvariantCulture, $"{TemporaryName.Prefix}{run:x8}-{role}{number}");
            set.FlipName = flipped.Contains(set.Name) ? Named('t') : null;
            set.NextName = set.IsChanged ? Named('n') : null;
            set.OldName = set.IsRenamed || set.IsGone ? Named('o') : null;
        }

        return work;
    }
}
