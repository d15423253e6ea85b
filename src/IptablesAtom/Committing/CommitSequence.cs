using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Planning;
using IptablesAtom.Snapshots;

namespace IptablesAtom.Committing;

/// <summary>The steps of one commit over all back-ends, in the order in which each of them can still be taken back.</summary>
internal sealed class CommitSequence : IDisposable
{
    private const int MostAttempts = 5;
    private readonly Plan _plan;
    private readonly NetworkNamespace _live;
    private readonly IRunLog _log;
    private readonly Action<string> _step;
    private readonly SetCommit _sets;
    private readonly NftCommit _nft;
    private readonly LegacyCommit _legacy;
    private readonly TimeSpan _lockWait;
    private readonly bool _isLocked; // the legacy tools' lock, by the caller
    private bool _haveSetsChanged;

    internal CommitSequence(Plan plan, NetworkNamespace live, TimeSpan lockWait, IRunLog log, Action<string> step, bool isLocked)
    {
        _lockWait = lockWait;
        _isLocked = isLocked;
        _plan = plan;
        _live = live;
        _log = log;
        _step = step;
        _sets = SetCommit.For(plan, live, step);
        _nft = new NftCommit(live, plan.Live, plan.Tables, _sets.FlipIndex, step);
        _legacy = new LegacyCommit(plan, live, new LegacyCommitOptions { Wait = lockWait, Step = step, IsLocked = isLocked });
    }

    /// <summary>True from the first moment at which a packet may have met something new.</summary>
    internal bool HasFlipped { get; private set; }

    /// <summary>Brings the plan into force. Before the flip a failure leaves live as it was; after it see <see cref="TakeBack"/>.</summary>
    internal void Execute()
    {
        try
        {
            _sets.Prepare();
            _legacy.Prepare(_sets.FlipIndex);
            _nft.Prepare();
            _nft.Apply(); // refused, it has changed nothing
            HasFlipped = _nft.Messages > 0;
            _legacy.Apply();
        }
        catch when (!HasFlipped)
        {
            BestEffort(_legacy.Revert);
            BestEffort(() => _sets.Revert());
            throw;
        }

        HasFlipped = true;
        if (_legacy.Window > TimeSpan.Zero)
        {
            _log.Note($"this kernel lacks what one step over several legacy tables needs: they were replaced one after the other within {_legacy.Window.TotalMilliseconds:0.0} ms");
        }

        _sets.Swap();
        _haveSetsChanged = true;
        _legacy.Settle(_sets.MiddleIndex);
        _sets.Rename();
        _legacy.Settle(_sets.FinalIndex);
        _nft.Repoint(_sets.FinalIndex);
        _nft.Finish();
        _legacy.Finish();
        Report(_legacy.Warnings);
        Report(_sets.Reconcile());
        Report(_sets.Finish());
    }

    /// <summary>After the flip: brings the state before the commit back, from wherever <see cref="Execute"/> stopped.</summary>
    internal void TakeBack()
    {
        _step("take back");
        if (_haveSetsChanged)
        {
            // Old legacy rules must not meet the new sets: the new rules come into force whole, and go as a whole with the sets.
            _sets.KeepExchange();
            BestEffort(() => _legacy.Settle(_sets.MiddleIndex));
            BestEffort(_legacy.Finish);
        }
        else
        {
            BestEffort(_legacy.Revert);
        }

        Plan back = ExecuteBack();
        BestEffort(() => _sets.Revert());
        BestEffort(() => SetCommit.RemoveLeftovers(_live)); // a set that was going, under the name that it was put away
        Verification.Check(back, _live);
    }

    private Plan ExecuteBack()
    {
        for (int attempt = 1; ; attempt++)
        {
            Plan back = Reversal.Of(_plan, SnapshotReader.Read(_live));
            try
            {
                using CommitSequence sequence = new(back, _live, _lockWait, _log, _step, _isLocked);
                sequence.Execute();
                return back;
            }
            catch (ConflictException) when (attempt < MostAttempts)
            {
                // Somebody changed live, or recovery split merged tables: the way back from what is there now.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nft.Dispose();
        _legacy.Dispose();
        _sets.Dispose();
    }

    private void Report(IReadOnlyList<string> problems)
    {
        foreach (string problem in problems)
        {
            _log.Note(problem);
        }
    }

    private void BestEffort(Action action)
    {
        try
        {
            action();
        }
        catch (AtomException failure)
        {
            _log.Detail($"while taking back: {failure.Message}");
        }
    }
}
