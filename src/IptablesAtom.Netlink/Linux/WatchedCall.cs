namespace IptablesAtom.Netlink.Linux;

/// <summary>A connect() or sendto() that waits for our answer.</summary>
/// <param name="Id">The notification's own number.</param>
/// <param name="Task">The thread that calls.</param>
/// <param name="Socket">The number of its socket.</param>
/// <param name="Address">Where its address argument is in its memory.</param>
/// <param name="AddressLength">The address's length.</param>
internal readonly record struct WatchedCall(ulong Id, int Task, int Socket, nuint Address, int AddressLength);
