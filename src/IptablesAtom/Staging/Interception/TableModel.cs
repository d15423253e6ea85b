using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>The chains of a table as far as they decide which calls can be batched.</summary>
internal sealed class TableModel
{
    /// <summary>nf_tables refuses more than 16 jumps on end (NFT_JUMP_STACK_SIZE); near it the real tool is asked.</summary>
    private const int MaxDepth = 12;

    private readonly Dictionary<string, ChainModel> _chains = new(StringComparer.Ordinal);

    internal TableModel(string table)
    {
        foreach (string name in BuiltinChains(table))
        {
            _chains.Add(name, new ChainModel(name, isBuiltin: true));
        }
    }

    internal ChainModel? Find(string name) => _chains.GetValueOrDefault(name);

    internal void Add(string name) => _chains.TryAdd(name, new ChainModel(name, isBuiltin: false));

    internal void Remove(string name) => _chains.Remove(name);

    internal void ClearAll()
    {
        foreach (ChainModel chain in _chains.Values)
        {
            chain.Clear();
        }
    }

    /// <summary>True if a jump from one chain to another would close a loop, or leads to one, or goes too deep.</summary>
    internal bool IsRiskyJump(string from, string to)
    {
        HashSet<string> onWay = new(StringComparer.Ordinal) { from };
        HashSet<string> seen = new(StringComparer.Ordinal);
        return Find(to) is { } target && Risky(target, (Find(from)?.Depth ?? 0) + 1);

        bool Risky(ChainModel chain, int depth)
        {
            if (depth > MaxDepth || !onWay.Add(chain.Name))
            {
                return true;
            }

            bool deeper = depth > chain.Depth;
            if (seen.Add(chain.Name) || deeper)
            {
                chain.Depth = Math.Max(chain.Depth, depth);
                foreach (string next in chain.Jumps)
                {
                    if (Find(next) is { } below && Risky(below, depth + 1))
                    {
                        return true;
                    }
                }
            }

            onWay.Remove(chain.Name);
            return false;
        }
    }

    /// <summary>True if the chain, or one that it leads to, holds something that the kernel takes from some hooks only.</summary>
    internal bool LeadsToHookBound(string name)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        return Leads(name);

        bool Leads(string next) => seen.Add(next) && Find(next) is { } chain && (chain.IsHookBound || chain.Jumps.Any(Leads));
    }

    /// <summary>Takes a rule that is now in the table into account.</summary>
    internal void Note(string chain, RuleWords rule)
    {
        if (Find(chain) is not { } model)
        {
            return;
        }

        model.Note(rule.Sketch(this));
        model.IsHookBound |= rule.Matches.Any(match => !RuleShape.IsFreeMatch(match.Name))
            || (rule.Target is { } target && !rule.IsVerdict && Find(target.Name) is null);
        if (rule.Target is { } jump && !rule.IsVerdict && Find(jump.Name) is not null)
        {
            model.Jumps.Add(jump.Name);
        }
    }

    /// <summary>
    /// Reads the output of a save tool for this one table. Null: it has a base chain of another name (<c>iptables-nft -E OUTPUT x</c> makes one), and
    /// which calls can be batched then is not known. Where that name is of another hook, the tool says so in a comment in place of the chain.
    /// </summary>
    internal static TableModel? Read(string table, Family family, string saved)
    {
        TableModel model = new(table);
        foreach (string line in saved.Split('\n'))
        {
            if (line.StartsWith("# Table", StringComparison.Ordinal) && line.Contains("incompatible", StringComparison.Ordinal))
            {
                return null;
            }

            if (line.StartsWith(':'))
            {
                string[] words = line[1..].Split(' ');
                if (words is [var name, "-", ..])
                {
                    model.Add(name);
                }
                else if (model.Find(words[0]) is not { IsBuiltin: true })
                {
                    return null;
                }
            }
            else if (line.StartsWith("-A ", StringComparison.Ordinal))
            {
                model.ReadRule(line, family);
            }
        }

        return model;
    }

    private void ReadRule(string line, Family family)
    {
        List<string>? words = RestoreLine.Split(line);
        if (words is not null && CallParser.Parse(["", .. words], family) is { Chain: { } chain } call)
        {
            Note(chain, call.Rule);
        }
        else if (words is [_, { } name, ..] && Find(name) is { } unread)
        {
            unread.HasAllSketches = false;
            unread.IsHookBound = true;
            NoteUnreadJump(unread, words);
        }
    }

    private void NoteUnreadJump(ChainModel chain, List<string> words)
    {
        int jump = words.FindLastIndex(word => word is "-j" or "-g");
        if (jump >= 0 && jump + 1 < words.Count && Find(words[jump + 1]) is { } target)
        {
            chain.Jumps.Add(target.Name);
        }
    }

    private static string[] BuiltinChains(string table) => table switch
    {
        "nat" => ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        "mangle" => ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        "raw" => ["PREROUTING", "OUTPUT"],
        _ => ["INPUT", "FORWARD", "OUTPUT"],
    };
}
