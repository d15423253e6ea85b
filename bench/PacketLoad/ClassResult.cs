namespace IptablesAtom.Load;

/// <summary>What became of the packets of one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Sent">How many were sent.</param>
/// <param name="Received">How many arrived.</param>
/// <param name="WrongAt">When each wrong one was sent, since the start of the load.</param>
public sealed record ClassResult(PacketClass Class, long Sent, long Received, IReadOnlyList<TimeSpan> WrongAt);
