using System.Globalization;
using System.Net;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Load;

/// <summary>
/// Three namespaces joined by veth: client (<c>c0</c>) - (<c>eth0</c>) firewall (<c>eth1</c>) - (<c>s0</c>) server.
/// </summary>
/// <remarks>
/// All neighbours are permanent entries: a firewall under test that stops ARP or neighbour discovery must not show as lost
/// packets. The firewall forwards both families.
/// </remarks>
public sealed class LoadNetwork : IDisposable
{
    /// <summary>How many source addresses the client has.</summary>
    public const int Sources = 32;

    private readonly ThrowAwayNamespace _client = new("the client");
    private readonly ThrowAwayNamespace _server = new("the server");
    private readonly ThrowAwayNamespace? _own;

    /// <summary>Makes the network.</summary>
    /// <param name="firewall">A namespace to use as the firewall, without interfaces eth0 and eth1; null makes one.</param>
    public LoadNetwork(NetworkNamespace? firewall = null)
    {
        _own = firewall is null ? new ThrowAwayNamespace("the firewall") : null;
        Firewall = firewall ?? _own!.Namespace;
        Shell.Run(FirewallPath, string.Create(CultureInfo.InvariantCulture, $"""
            set -e
            echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
            echo 1 > /proc/sys/net/ipv4/ip_forward
            echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
            ip link set lo up
            ip link add eth0 address 02:00:00:00:00:02 type veth peer name c0 address 02:00:00:00:00:01 netns {_client.Path}
            ip link add eth1 address 02:00:00:00:01:01 type veth peer name s0 address 02:00:00:00:01:02 netns {_server.Path}
            ip address add 10.9.0.254/24 dev eth0; ip address add fd09::fe/64 dev eth0 nodad
            ip address add 10.9.1.254/24 dev eth1; ip address add fd09:0:0:1::fe/64 dev eth1 nodad
            ip link set eth0 up; ip link set eth1 up
            ip neighbour replace 10.9.1.1 lladdr 02:00:00:00:01:02 dev eth1 nud permanent
            ip neighbour replace fd09:0:0:1::1 lladdr 02:00:00:00:01:02 dev eth1 nud permanent
            for i in $(seq {Sources}); do
              ip neighbour replace 10.9.0.$i lladdr 02:00:00:00:00:01 dev eth0 nud permanent
              ip neighbour replace fd09::$(printf %x $i) lladdr 02:00:00:00:00:01 dev eth0 nud permanent
            done
            """));
        _client.Sh(string.Create(CultureInfo.InvariantCulture, $"""
            set -e
            ip link set lo up
            for i in $(seq {Sources}); do
              ip address add 10.9.0.$i/24 dev c0; ip address add fd09::$(printf %x $i)/64 dev c0 nodad
            done
            ip link set c0 up
            ip route add default via 10.9.0.254; ip route add default via fd09::fe dev c0
            ip neighbour replace 10.9.0.254 lladdr 02:00:00:00:00:02 dev c0 nud permanent
            ip neighbour replace fd09::fe lladdr 02:00:00:00:00:02 dev c0 nud permanent
            """));
        _server.Sh("""
            set -e
            ip link set lo up
            ip address add 10.9.1.1/24 dev s0; ip address add fd09:0:0:1::1/64 dev s0 nodad
            ip link set s0 up
            ip route add default via 10.9.1.254; ip route add default via fd09:0:0:1::fe dev s0
            ip neighbour replace 10.9.1.254 lladdr 02:00:00:00:01:01 dev s0 nud permanent
            ip neighbour replace fd09:0:0:1::fe lladdr 02:00:00:00:01:01 dev s0 nud permanent
            for i in $(seq 50); do ip -br link show s0 | grep -q ' UP ' && exit 0; sleep 0.1; done
            """);
    }

    /// <summary>Sends.</summary>
    public NetworkNamespace Client => _client.Namespace;

    /// <summary>The host under test.</summary>
    public NetworkNamespace Firewall { get; }

    /// <summary>Receives what the firewall forwards.</summary>
    public NetworkNamespace Server => _server.Namespace;

    /// <summary>The firewall's path for other processes (<c>--netns</c>, nsenter).</summary>
    public string FirewallPath => ThrowAwayNamespace.PathOf(Firewall);

    /// <summary>Runs a shell script on the firewall.</summary>
    public string Sh(string script) => Shell.Run(FirewallPath, script);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _own?.Dispose();
    }

    internal NetworkNamespace ReceiverOf(PacketClass kind) => kind.Destination == Destination.Firewall ? Firewall : Server;

    internal static IPAddress AddressOf(PacketClass kind) => IPAddress.Parse((kind.Destination, kind.IsIpv6) switch
    {
        (Destination.Firewall, false) => "10.9.0.254",
        (Destination.Firewall, true) => "fd09::fe",
        (_, false) => "10.9.1.1",
        _ => "fd09:0:0:1::1",
    });

    internal static IPAddress SourceOf(PacketClass kind) => IPAddress.Parse(kind.IsIpv6
        ? string.Create(CultureInfo.InvariantCulture, $"fd09::{kind.Source:x}")
        : string.Create(CultureInfo.InvariantCulture, $"10.9.0.{kind.Source}"));
}
