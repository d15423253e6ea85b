using System.Buffers.Binary;
using System.Globalization;
using IptablesAtom.Model;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>Finds out what has to be written for one table.</summary>
/// <remarks>
/// A chain that stays is never deleted and made again: between the two, packets would meet a base chain with policy ACCEPT or two of
/// them at once. Its rules are changed one by one, or, where that is more work for the kernel (it finds a rule by walking
/// its chain), all at once.
/// </remarks>
internal sealed partial class NftTableWork
{
    private const long MostSteps = 50_000_000; // rules walked by the kernel for single changes, above which a refill is faster
    private readonly TableId _id;
    private readonly Table? _live;
    private readonly Table? _desired;
    private readonly NftWriter _writer;
    private readonly Func<string, ushort> _setIndex;
    private readonly NftTemporaryNames _names;
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    private readonly bool _atOnce; // no packets there: policies with the chains
    private bool _refill;

    internal NftTableWork(TableChange change, NftWriter writer, Func<string, ushort> setIndex, NftTemporaryNames names, bool atOnce = false)
    {
        _id = change.Id;
        _live = change.Live;
        _desired = change.Desired;
        _writer = writer;
        _setIndex = setIndex;
        _names = names;
        _atOnce = atOnce;
    }

    /// <summary>The table.</summary>
    internal TableId Id => _id;

    /// <summary>The table as it was; null if it was not there.</summary>
    internal Table? Live => _live;

    /// <summary>The table as it shall be; null if it shall go.</summary>
    internal Table? Desired => _desired;

    /// <summary>The chains whose policies change.</summary>
    internal List<NftPolicyStep> PolicySteps { get; } = [];

    /// <summary>The base chains that are emptied now and deleted at the end.</summary>
    internal List<string> ChainsToDelete { get; } = [];

    /// <summary>True if the table is emptied now and deleted at the end.</summary>
    internal bool DeleteTable { get; private set; }

    /// <summary>The names of chains and sets that the batch writes to.</summary>
    internal HashSet<string> Touched { get; } = new(StringComparer.Ordinal);

    /// <summary>About how many rules are written.</summary>
    internal int RulesWritten { get; private set; }

    /// <summary>Compares, and gives the writer what differs.</summary>
    internal void Prepare()
    {
        if (_desired is null)
        {
            Remove();
            return;
        }

        NftTableExtra before = _live?.Extra as NftTableExtra ?? NftTableExtra.None;
        NftTableExtra after = _desired.Extra as NftTableExtra ?? before;
        if (_live is null)
        {
            _writer.Add(NftPhase.Tables, batch => batch.AddTable(_id, after, exists: false));
        }
        else if (((before.Flags ^ after.Flags) & Netlink.Nftables.NftFlags.TableDormant) != 0)
        {
            _writer.Add(NftPhase.Tables, batch => batch.AddTable(_id, after, exists: true));
        }

        PrepareObjects(before, after);
        foreach (Chain chain in _live?.Chains ?? [])
        {
            PrepareLive(chain, _desired.Find(chain.Name));
        }

        foreach (Chain chain in _desired.Chains)
        {
            if (_live?.Find(chain.Name) is null)
            {
                Make(chain);
            }
        }
    }

    private void Remove()
    {
        // Table nat is left without effect but in place: deleting it would cut established connections.
        DeleteTable = _live is not null && !(_id.IsXtables && _id.Name == "nat");
        foreach (Chain chain in _live?.Chains ?? [])
        {
            if (chain.IsBase)
            {
                Change(chain, Neutral(chain));
            }
            else if (!DeleteTable)
            {
                Delete(chain);
            }
        }
    }

    private static Chain Neutral(Chain chain) => new() { Name = chain.Name, Hook = chain.Hook, Rules = [], Raw = chain.Raw };

    private void PrepareLive(Chain live, Chain? desired)
    {
        if (desired is null && live.IsBase)
        {
            if (!_id.IsXtables)
            {
                ChainsToDelete.Add(live.Name);
                Touched.Add(live.Name);
            }

            Change(live, Neutral(live));
        }
        else if (desired is null || desired.Hook != live.Hook)
        {
            Delete(live);
            if (desired is not null)
            {
                Make(desired);
            }
        }
        else
        {
            Change(live, desired);
        }
    }

    private void Delete(Chain chain)
    {
        Touched.Add(chain.Name);
        _removed.Add(chain.Name);
        if (chain.Rules.Count > 0)
        {
            _writer.Add(NftPhase.DeleteRules, batch => batch.FlushChain(_id, chain.Name));
        }

        _writer.Add(NftPhase.DeleteChains, batch => batch.DeleteChain(_id, chain.Name));
    }

    private void Make(Chain chain)
    {
        Touched.Add(chain.Name);

        // The kernel hooks a new base chain before the flip, empty and with ACCEPT, and sets DROP after it.
        bool dropsLater = chain.IsBase && chain.Policy == Policy.Drop && !_atOnce;
        _writer.Add(
            _removed.Contains(chain.Name) ? NftPhase.RemadeChains : NftPhase.Chains,
            batch => batch.AddChain(_id, chain, dropsLater ? Policy.Accept : chain.Policy));
        string? temporary = dropsLater ? TemporaryFor(chain) : null;
        if (temporary is null)
        {
            Append(chain);
        }

        if (dropsLater)
        {
            PolicySteps.Add(new(_id, chain, IsNew: true, RulesChange: true, temporary, FlushFirst: false));
        }
    }

    private void Append(Chain chain)
    {
        if (chain.Rules.Count > 0)
        {
            RulesWritten += chain.Rules.Count;
            _writer.Add(PhaseOf(chain), batch =>
            {
                foreach (Rule rule in chain.Rules)
                {
                    batch.AppendRule(_id, chain.Name, rule);
                }
            });
        }
    }

    private void Change(Chain live, Chain desired)
    {
        bool policyChanges = live.IsBase && live.Policy != desired.Policy;
        NftDelta? delta = _refill || SameRules(live.Rules, desired.Rules) ? null : NftDelta.Compute(live.Rules, desired.Rules);
        List<Rule> rewritten = [.. (delta is null ? live.Rules : delta.Kept.OfType<Rule>()).Where(IsRewritten)];
        bool rulesChange = delta is not null || rewritten.Count > 0
            || (_refill && (live.Rules.Count > 0 || desired.Rules.Count > 0));
        if (!policyChanges && !rulesChange)
        {
            return;
        }

        Touched.Add(live.Name);
        string? temporary = policyChanges ? TemporaryFor(desired) : null;
        if (policyChanges)
        {
            PolicySteps.Add(new(_id, desired, IsNew: false, rulesChange, temporary, FlushFirst: live.Rules.Count > 0));
        }

        if (temporary is not null || !rulesChange)
        {
            return;
        }

        if (_refill || (delta is not null && IsRefillFaster(live, delta)))
        {
            if (live.Rules.Count > 0)
            {
                _writer.Add(NftPhase.DeleteRules, batch => batch.FlushChain(_id, live.Name));
            }

            Append(desired);
            return;
        }

        WriteDelta(live, desired, delta);
        foreach (Rule rule in rewritten)
        {
            RulesWritten++;
            _writer.Add(NftPhase.Rules, batch => batch.ReplaceRule(_id, live.Name, rule, rule.Handle));
        }
    }

    private void WriteDelta(Chain live, Chain desired, NftDelta? delta)
    {
        if (delta is null)
        {
            return;
        }

        RulesWritten += delta.Changes;
        if (delta.Deleted.Count > 0)
        {
            _writer.Add(NftPhase.DeleteRules, batch =>
            {
                foreach (Rule rule in delta.Deleted)
                {
                    batch.DeleteRule(_id, live.Name, rule.Handle, rule);
                }
            });
        }

        _writer.Add(PhaseOf(desired), batch =>
        {
            // A block of new rules goes before the kept rule that follows it, or to the end.
            ulong[] next = new ulong[delta.Kept.Count];
            for (int i = next.Length - 1; i >= 0; i--)
            {
                next[i] = delta.Kept[i]?.Handle ?? (i + 1 < next.Length ? next[i + 1] : 0);
            }

            for (int i = 0; i < next.Length; i++)
            {
                if (delta.Kept[i] is not null)
                {
                    continue;
                }

                if (next[i] != 0)
                {
                    batch.InsertRule(_id, live.Name, desired.Rules[i], next[i]);
                }
                else
                {
                    batch.AppendRule(_id, live.Name, desired.Rules[i]);
                }
            }
        });
    }

    /// <summary>True if a rule of the chain makes a rate estimator: it must be written before the rules that match on it.</summary>
    internal static bool MakesEstimators(Chain chain) => chain.Rules.Any(rule => rule.Raw.AsSpan().IndexOf("RATEEST"u8) >= 0);

    private static NftPhase PhaseOf(Chain chain) => MakesEstimators(chain) ? NftPhase.Estimators : NftPhase.Rules;

    private static bool SameRules(IReadOnlyList<Rule> live, IReadOnlyList<Rule> desired)
    {
        if (live.Count != desired.Count)
        {
            return false;
        }

        for (int i = 0; i < live.Count; i++)
        {
            if (!ReferenceEquals(live[i], desired[i]) && live[i].Key != desired[i].Key)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRefillFaster(Chain live, NftDelta delta) =>
        delta.Deleted.Count == live.Rules.Count || (long)delta.Changes * live.Rules.Count > MostSteps;

    /// <summary>True if a live rule must refer to another set or name than it does, for the time of the flip.</summary>
    private bool IsRewritten(Rule live)
    {
        if (_names.IsIn(_id.Family, live))
        {
            return true;
        }

        foreach (SetReference set in live.Sets)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(live.Raw.AsSpan(set.Offset)) != _setIndex(set.Name))
            {
                return true;
            }
        }

        return false;
    }

    private string? TemporaryFor(Chain desired)
    {
        if (!NftEarlyEnd.IsPossible(_id.Family, desired.Rules))
        {
            return null;
        }

        // What an earlier commit left may have such a name, too.
        int number = PolicySteps.Count;
        while (_live?.Find(Name(number)) is not null)
        {
            number += 100;
        }

        return Name(number);

        static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{TemporaryName.Prefix}{number}-{Environment.ProcessId}");
    }
}
