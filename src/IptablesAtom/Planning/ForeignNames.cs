using System.Runtime.InteropServices;
using IptablesAtom.Model;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Planning;

/// <summary>Tells of what is live to which program it belongs, by the presets and by <c>--keep</c>.</summary>
internal sealed class ForeignNames
{
    /// <summary>The word for what the user named with <c>--keep</c>.</summary>
    internal const string Kept = "--keep";

    private static readonly Mark[][] Marks = Index();
    private readonly IReadOnlyList<string> _keep;
    private readonly HashSet<ForeignProgram> _seen = [];
    private readonly Dictionary<string, string?> _chains = [];

    internal ForeignNames(Snapshot live, IReadOnlyList<string> keep)
    {
        _keep = keep;
        IEnumerable<string> chains = live.Tables.SelectMany(table => table.Chains).Select(chain => chain.Name).Distinct();
        foreach (string chain in chains)
        {
            _seen.UnionWith(ForeignPresets.All.Where(program => Glob.MatchesAny(program.Chains, chain)));
        }
    }

    /// <summary>Whose chain that is by its name, or null.</summary>
    internal string? OfChain(string name)
    {
        ref string? program = ref CollectionsMarshal.GetValueRefOrAddDefault(_chains, name, out bool known);
        if (!known)
        {
            program = Glob.MatchesAny(_keep, name)
                ? Kept
                : ForeignPresets.All.FirstOrDefault(candidate => Glob.MatchesAny(candidate.Chains, name)
                    || (_seen.Contains(candidate) && Glob.MatchesAny(candidate.MoreChains, name)))?.Name;
        }

        return program;
    }

    /// <summary>Whose set that is by its name, or null.</summary>
    internal string? OfSet(string name) => Glob.MatchesAny(_keep, name)
        ? Kept
        : ForeignPresets.All.FirstOrDefault(program => Glob.MatchesAny(program.Sets, name))?.Name;

    /// <summary>Whose native nft table that is by its name, or null.</summary>
    internal string? OfTable(TableId id) => id.IsXtables ? null
        : Glob.MatchesAny(_keep, id.Name) ? Kept
        : ForeignPresets.All.FirstOrDefault(program => Glob.MatchesAny(program.Tables, id.Name))?.Name;

    /// <summary>Whose rule that is by what it jumps to, the sets, interfaces and comments it names, or null. Its chain is not asked.</summary>
    internal string? OfRule(TableId table, string chain, Rule rule)
    {
        if (rule.Jump is { } jump && OfChain(jump) is { } owner)
        {
            return owner;
        }

        foreach (SetReference set in rule.Sets)
        {
            if (OfSet(set.Name) is { } setOwner)
            {
                return setOwner;
            }
        }

        string? found = null;
        bool onHost = chain is "INPUT" or "OUTPUT" && table.Name == "filter";
        if (RuleWords.Any(rule, word => (found = OfWord(word, onHost)) is not null))
        {
            return found;
        }

        foreach (ForeignProgram program in _seen)
        {
            if (program.Unmarked?.Invoke(table, rule) == true)
            {
                return program.Name;
            }
        }

        return null;
    }

    private string? OfWord(ReadOnlySpan<char> word, bool onHost)
    {
        if (Glob.MatchesAny(_keep, word))
        {
            return Kept;
        }

        foreach (Mark mark in word[0] < Marks.Length ? Marks[word[0]] : [])
        {
            if ((mark.OnHost || !onHost) && Glob.Matches(mark.Pattern, word))
            {
                return mark.Program;
            }
        }

        return null;
    }

    /// <summary>Comments and interfaces of all programs, by their first letter: most words of most rules are none of them.</summary>
    private static Mark[][] Index()
    {
        Mark[] all =
        [
            .. from program in ForeignPresets.All
               from comment in program.Comments
               select new Mark(comment, program.Name, true),
            .. from program in ForeignPresets.All
               from name in program.Interfaces
               select new Mark(name, program.Name, program.OnHost),
        ];
        return [.. Enumerable.Range(0, 128).Select(letter => all.Where(mark => mark.Pattern[0] == letter || mark.Pattern[0] is '*' or '?').ToArray())];
    }

    private readonly record struct Mark(string Pattern, string Program, bool OnHost);
}
