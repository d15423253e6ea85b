namespace IptablesAtom.Load;

/// <summary>One flow of UDP packets that are all treated alike.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Port">Destination port; one class for each (family, destination, port).</param>
/// <param name="Expectation">What old and new firewall both do with it.</param>
/// <param name="IsIpv6">IPv6 or IPv4.</param>
/// <param name="Destination">To the firewall or through it.</param>
/// <param name="Source">Which of the client's addresses sends: 1 to 32, the last part of the address.</param>
public sealed record PacketClass(
    string Name, int Port, Expectation Expectation, bool IsIpv6 = false, Destination Destination = Destination.Firewall, int Source = 1)
{
    /// <summary>The class in both families.</summary>
    public static IEnumerable<PacketClass> Both(
        string name, int port, Expectation expectation, Destination destination = Destination.Firewall, int source = 1) =>
    [
        new($"{name} v4", port, expectation, false, destination, source),
        new($"{name} v6", port, expectation, true, destination, source),
    ];
}
