using System.Text;
using IptablesAtom.Model;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Tests.Planning;

/// <summary>
/// Tables in memory with the two properties of the kernel that the merge builds on: a handle of nf_tables is never given
/// twice, and a new rule of a legacy table has counters of zero.
/// </summary>
internal sealed class FakeKernel
{
    internal static readonly TableId Filter = new(Backend.Nft, Family.Ipv4, "filter");
    internal static readonly TableId LegacyFilter = new(Backend.Legacy, Family.Ipv4, "filter");

    private readonly Dictionary<TableId, List<Chain>> _tables = [];
    private readonly Dictionary<TableId, ulong> _lives = [];
    private ulong _handle;

    /// <summary>A namespace with the builtin chains of a filter table.</summary>
    internal FakeKernel(params TableId[] tables)
    {
        foreach (TableId table in tables)
        {
            Create(table);
        }
    }

    internal IReadOnlyList<IpSet> Sets { get; set; } = [];

    internal Snapshot Read() => new()
    {
        Tables = [.. _tables.Select(table => new Table { Id = table.Key, Chains = [.. table.Value], Extra = Extra(table.Key) })],
        Sets = Sets,
    };

    /// <summary>A copy of a snapshot, as seeding makes it: handles of its own, legacy counters marked.</summary>
    internal static FakeKernel Seeded(Snapshot content)
    {
        FakeKernel kernel = new() { _handle = 1000, Sets = content.Sets };
        foreach (Table table in content.Tables)
        {
            kernel._lives[table.Id] = ++kernel._handle;
            kernel._tables[table.Id] = [.. table.Chains.Select(chain => chain.With([.. chain.Rules.Select(rule => kernel.Copy(table.Id, rule))]))];
        }

        return kernel;
    }

    internal void Create(TableId table)
    {
        _lives[table] = ++_handle;
        _tables[table] =
        [
            new Chain { Name = "INPUT", Hook = new Hook(1, 0, "filter", ""), Rules = [] },
            new Chain { Name = "FORWARD", Hook = new Hook(2, 0, "filter", ""), Rules = [] },
        ];
    }

    internal void Delete(TableId table) => _tables.Remove(table);

    internal void NewChain(TableId table, string name)
    {
        if (Find(table, name) is null)
        {
            _tables[table].Add(new Chain { Name = name, Rules = [] });
        }
    }

    internal void DeleteChain(TableId table, string name)
    {
        if (Find(table, name) is { IsBase: false, Rules.Count: 0 } && !_tables[table].Any(chain => chain.Rules.Any(rule => rule.Jump == name)))
        {
            _tables[table].RemoveAll(chain => chain.Name == name);
        }
    }

    /// <summary>Adds a rule; <c>-j NAME</c> of a chain that is there makes it a jump.</summary>
    internal void Append(TableId table, string chain, string text) => Insert(table, chain, int.MaxValue, text);

    internal void Insert(TableId table, string chain, int place, string text)
    {
        string? jump = text.Split("-j ").Last() is var target && Find(table, target) is not null ? target : null;
        Change(table, chain, rules => rules.Insert(Math.Min(place, rules.Count), NewRule(text, jump)));
    }

    internal void Remove(TableId table, string chain, string text) => Change(table, chain, rules =>
    {
        if (rules.FindIndex(rule => rule.Text == text) is var index and >= 0)
        {
            rules.RemoveAt(index);
        }
    });

    internal void Flush(TableId table, string chain) => Change(table, chain, rules => rules.Clear());

    /// <summary><c>-F; -X</c></summary>
    internal void FlushAll(TableId table)
    {
        foreach (string chain in _tables[table].Select(chain => chain.Name).ToArray())
        {
            Flush(table, chain);
        }

        _tables[table].RemoveAll(chain => !chain.IsBase);
    }

    internal void SetPolicy(TableId table, string chain, Policy policy)
    {
        int index = _tables[table].FindIndex(candidate => candidate.Name == chain);
        Chain old = _tables[table][index];
        _tables[table][index] = new Chain { Name = old.Name, Hook = old.Hook, Policy = policy, Rules = old.Rules };
    }

    internal Chain? Find(TableId table, string name) => _tables[table].Find(chain => chain.Name == name);

    internal IReadOnlyList<string> Texts(TableId table, string chain) => [.. Find(table, chain)!.Rules.Select(rule => rule.Text!)];

    /// <summary>What a commit does: rules that are live's own objects stay, the others are made anew.</summary>
    internal void Commit(Plan plan)
    {
        foreach (TableChange change in plan.Tables)
        {
            if (change.Desired is null)
            {
                _tables.Remove(change.Id);
                continue;
            }

            HashSet<Rule> live = change.Live is null ? [] : [.. change.Live.Chains.SelectMany(chain => chain.Rules)];
            _lives.TryAdd(change.Id, ++_handle);
            _tables[change.Id] =
            [
                .. change.Desired.Chains.Select(chain => chain.With([.. chain.Rules.Select(rule => live.Contains(rule) ? rule : NewRule(rule.Text!, rule.Jump))])),
            ];
        }

        Dictionary<string, IpSet> sets = Sets.ToDictionary(set => set.Name);
        foreach (SetChange change in plan.Sets)
        {
            sets.Remove(change.Name);
            if (change.Desired is not null)
            {
                sets[change.Name] = change.Desired;
            }
        }

        Sets = [.. sets.Values];
    }

    /// <summary>An nf_tables expression of no known kind, with the words of the rule in it.</summary>
    private static byte[] Bytes(string text)
    {
        using MessageWriter writer = new(256);
        using (writer.Nested(ExpressionAttribute.ListElement))
        {
            writer.PutString(ExpressionAttribute.Name, "fake");
            writer.PutBytes(ExpressionAttribute.Data, Encoding.Latin1.GetBytes($"\0{text.Replace(' ', '\0')}\0"));
        }

        return writer.Written.ToArray();
    }

    private NftTableExtra? Extra(TableId table) => table.Backend == Backend.Nft ? new NftTableExtra { Handle = _lives[table] } : null;

    private void Change(TableId table, string chain, Action<List<Rule>> change)
    {
        int index = _tables[table].FindIndex(candidate => candidate.Name == chain);
        if (index >= 0)
        {
            List<Rule> rules = [.. _tables[table][index].Rules];
            change(rules);
            _tables[table][index] = _tables[table][index].With(rules);
        }
    }

    private Rule NewRule(string text, string? jump) => new()
    {
        Raw = Bytes(text),
        Key = RuleKey.Of(Bytes(text)),
        Text = text,
        Jump = jump,
        Handle = ++_handle,
        Sets = [.. text.Split(' ').Where(word => word.StartsWith("set=", StringComparison.Ordinal)).Select(word => new SetReference(0, word[4..]))],
    };

    private Rule Copy(TableId table, Rule rule) => new()
    {
        Raw = rule.Raw,
        Key = rule.Key,
        Text = rule.Text,
        Jump = rule.Jump,
        Sets = rule.Sets,
        Handle = ++_handle,
        Counter = table.Backend == Backend.Legacy && rule.Counter == default ? new Counter(0, 1) : rule.Counter,
    };
}
