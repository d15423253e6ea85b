namespace IptablesAtom.Committing;

/// <summary>Collects what a batch shall hold, in any order, and writes it in the order of <see cref="NftPhase"/>.</summary>
internal sealed class NftWriter
{
    private readonly List<Action<NftBatch>>[] _phases =
        [.. Enum.GetValues<NftPhase>().Select(_ => new List<Action<NftBatch>>())];

    /// <summary>Adds messages to a phase.</summary>
    internal void Add(NftPhase phase, Action<NftBatch> write) => _phases[(int)phase].Add(write);

    /// <summary>True if nothing was added.</summary>
    internal bool IsEmpty => Array.TrueForAll(_phases, phase => phase.Count == 0);

    /// <summary>Writes everything.</summary>
    internal void WriteTo(NftBatch batch)
    {
        foreach (List<Action<NftBatch>> phase in _phases)
        {
            phase.ForEach(write => write(batch));
        }
    }
}
