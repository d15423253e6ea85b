namespace IptablesAtom.Netlink.Linux;

/// <summary>A connect(), sendto(), kill() or pidfd_send_signal() that waits for our answer.</summary>
/// <param name="Id">The notification's own number.</param>
/// <param name="Task">The thread that calls.</param>
/// <param name="Socket">The number of its socket; of a signal, whom it is for, as kill(2) takes it.</param>
/// <param name="Address">Where its address argument is in its memory.</param>
/// <param name="AddressLength">The address's length; of a signal, its number.</param>
internal readonly record struct WatchedCall(ulong Id, int Task, int Socket, nuint Address, int AddressLength)
{
    /// <summary>True if it sends a signal.</summary>
    internal bool IsSignal { get; init; }
}
