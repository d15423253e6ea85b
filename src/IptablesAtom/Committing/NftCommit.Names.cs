using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

internal sealed partial class NftCommit
{
    private const int NameWait = 2000; // milliseconds; the kernel takes some 10
    private const int NamePoll = 5;

    private NftTemporaryNames FindClashes() =>
        new(_planned.Tables.Where(table => table.Id.Backend == Backend.Nft), TablesAfter());

    /// <summary>All nf_tables tables as the plan wants them.</summary>
    private IReadOnlyList<Table> TablesAfter()
    {
        Dictionary<TableId, Table?> after = _planned.Tables.Where(table => table.Id.Backend == Backend.Nft)
            .ToDictionary(table => table.Id, table => (Table?)table);
        foreach (TableChange change in _changes)
        {
            after[change.Id] = change.Desired;
        }

        return [.. after.Values.OfType<Table>()];
    }

    /// <summary>Waits until the kernel has let go of the old hashlimit tables: it does so some time after their last rule went.</summary>
    private void WaitForNames()
    {
        foreach (NftNamedState state in _names.States.Where(state => state.Kind == NftNamedState.Extension.Hashlimit))
        {
            string folder = state.Family == Family.Ipv6 ? "ip6t_hashlimit" : "ipt_hashlimit";
            string path = $"/proc/thread-self/net/{folder}/{state.Name}";
            if (!_target.Run(() => IsGoneSoon(path)))
            {
                throw new NamedStateException(state.Name);
            }
        }
    }

    private static bool IsGoneSoon(string path)
    {
        for (int waited = 0; waited < NameWait; waited += NamePoll)
        {
            int file = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
            if (file == -1)
            {
                return true;
            }

            _ = LibC.close(file);
            Thread.Sleep(NamePoll);
        }

        return false;
    }

    /// <summary>Replaces rules that have temporary names by ones with the real names.</summary>
    private void WriteRealNames(NftBatch batch)
    {
        if (_names.IsEmpty)
        {
            return;
        }

        // A chain that is written anew from its temporary one gets the real names there.
        IEnumerable<(NftTableWork Work, Chain Chain)> chains = _works
            .SelectMany(work => (work.Desired?.Chains ?? []).Select(chain => (work, chain)))
            .Where(each => TemporaryOf(each.work.Id, each.chain.Name) is null
                && each.chain.Rules.Any(rule => _names.IsIn(each.work.Id.Family, rule)))
            .OrderByDescending(each => NftTableWork.MakesEstimators(each.chain));
        foreach ((NftTableWork work, Chain chain) in chains)
        {
            foreach (NftDumpedRule dumped in NftDumpedRule.Read(_socket, work.Id, chain.Name))
            {
                if (_names.Restore(work.Id.Family, dumped.Raw))
                {
                    Rule rule = new() { Raw = dumped.Raw, UserData = dumped.UserData, Key = default };
                    batch.ReplaceRule(work.Id, chain.Name, rule, dumped.Handle);
                }
            }
        }
    }
}
