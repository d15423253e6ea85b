using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Nftables;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    /// <summary>After the flip: policies in force, real names given back, chains and tables gone that had to wait.</summary>
    /// <remarks>
    /// Old packets, which entered before the flip, are inside the old rules and would meet the new policy at their end: an RCU grace period
    /// lets them leave. Then the policy changes, out of reach behind the terminal rule; then that rule goes.
    /// A cut between the steps leaves the new behaviour, and one more rule.
    /// </remarks>
    internal void Finish()
    {
        bool deletes = _works.Exists(work => work.DeleteTable || work.ChainsToDelete.Count > 0);
        if (_policies.Count > 0)
        {
            _step("nft policies");
            GracePeriod.Wait();
            using NftBatch policies = new(_setIndex);
            foreach (NftPolicyStep policy in _policies)
            {
                policies.SetPolicy(policy.Table, policy.Chain.Name, policy.Chain.Policy);
            }

            Send(policies, static _ => false);
        }

        WaitForNames();
        if (_policies.Count > 0 || deletes || !_names.IsEmpty)
        {
            _step("nft finish");
            SendAfterReading(WriteFinish);
        }
    }

    /// <summary>Adds the terminal rules; or, if one policy is all that differs, the policy itself: then no rule can be met with the wrong one.</summary>
    private void WritePolicies(NftWriter writer)
    {
        if (writer.IsEmpty && _policies is [{ IsNew: false, RulesChange: false } only])
        {
            writer.Add(NftPhase.Rules, batch => batch.SetPolicy(only.Table, only.Chain.Name, only.Chain.Policy));
            _policies.Clear();
            return;
        }

        foreach (NftPolicyStep policy in _policies)
        {
            WriteRules(writer, policy);
            writer.Add(NftPhase.Rules, batch => batch.AppendRule(policy.Table, policy.Chain.Name, NftTerminalRule.Of(policy.Chain.Policy)));
        }
    }

    private static void WriteRules(NftWriter writer, NftPolicyStep policy)
    {
        if (policy.Temporary is not { } temporary)
        {
            return;
        }

        if (policy.FlushFirst)
        {
            writer.Add(NftPhase.DeleteRules, batch => batch.FlushChain(policy.Table, policy.Chain.Name));
        }

        writer.Add(NftPhase.Chains, batch => batch.AddChain(policy.Table, new Chain { Name = temporary, Rules = [] }, Policy.Accept));
        writer.Add(NftPhase.Rules, batch =>
        {
            foreach (Rule rule in policy.Chain.Rules)
            {
                batch.AppendRule(policy.Table, temporary, rule);
            }

            batch.AppendRule(policy.Table, policy.Chain.Name, NftTerminalRule.JumpTo(temporary));
        });
    }

    private void WriteFinish(NftBatch batch)
    {
        WriteRealNames(batch);
        foreach (NftPolicyStep policy in _policies)
        {
            List<NftDumpedRule> found = NftDumpedRule.Read(_socket, policy.Table, policy.Chain.Name)
                .FindAll(rule => NftTerminalRule.IsOne(rule.UserData));
            if (policy.Temporary is { } temporary && found.Count > 0)
            {
                foreach (Rule rule in policy.Chain.Rules)
                {
                    batch.InsertRule(policy.Table, policy.Chain.Name, rule, found[0].Handle);
                }
            }

            found.ForEach(rule => batch.DeleteRule(policy.Table, policy.Chain.Name, rule.Handle));
            if (policy.Temporary is { } unused)
            {
                batch.FlushChain(policy.Table, unused);
                batch.DeleteChain(policy.Table, unused);
            }
        }

        foreach (NftTableWork work in _works)
        {
            work.ChainsToDelete.Where(chain => IsEmpty(work.Id, chain)).ToList().ForEach(chain => batch.DeleteChain(work.Id, chain));
            if (work.DeleteTable && IsLeft(work))
            {
                batch.DeleteTable(work.Id);
            }
        }
    }

    /// <summary>Others may have put rules into what was emptied to go: then it is theirs, and stays.</summary>
    private bool IsLeft(NftTableWork work)
    {
        return NftLists.Read(_socket, work.Id.Equals) is { } lists
            && lists.Tables.TryGetValue(work.Id, out NftLists.Entry? entry)
            && entry.Chains.TrueForAll(chain => IsLeft(work, new AttributeReader(chain)));
    }

    private bool IsLeft(NftTableWork work, AttributeReader chain)
    {
        bool isBound = chain.TryFind(ChainAttribute.Flags, out var flags) && (flags.AsUInt32Be() & NftFlags.ChainBinding) != 0;
        if (isBound || !chain.TryFind(ChainAttribute.Name, out var name) || TemporaryName.Is(name.AsString()))
        {
            return true;
        }

        return work.Live?.Find(name.AsString()) is { } known
            && (known.IsBase ? IsEmpty(work.Id, known.Name) : NftDumpedRule.Read(_socket, work.Id, known.Name).Count == known.Rules.Count);
    }

    private bool IsEmpty(TableId table, string chain) => NftDumpedRule.Read(_socket, table, chain).TrueForAll(rule => NftTerminalRule.IsOne(rule.UserData));

    /// <summary>Reads, writes and sends until nothing came between.</summary>
    private void SendAfterReading(Action<NftBatch> write)
    {
        for (int attempt = 0; attempt < MostSends; attempt++)
        {
            Drain(static _ => false);
            if (_watcher.Lost)
            {
                _watcher.Reset();
                _generation = _socket.Generation();
            }

            using NftBatch batch = new(_setIndex);
            write(batch);
            if (batch.Count == 0 || batch.Send(_socket, _generation))
            {
                Drain(static _ => false);
                return;
            }

            _watcher.Wait(EventWait);
        }

        throw new GenerationConflictException(null, null);
    }
}
