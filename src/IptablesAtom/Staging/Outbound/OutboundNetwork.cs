using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Staging.Activity;

namespace IptablesAtom.Staging.Outbound;

/// <summary>Lets the script's own connections go out through live, while its firewall calls stay in staging.</summary>
/// <remarks>
/// Model: each connect() and sendto() to an Internet address stops in the kernel (seccomp user notification); a socket made in live takes the
/// place of the script's under the same number; then the kernel does the call. The firewall tools use netlink and raw sockets: those are never replaced.
/// Reasons: no relay, no device, no address that the host does not have; rules that the script is just making cannot stop its own downloads;
/// sudo, static programs and the stub resolver on 127.0.0.53 work. Limits: options and epoll registrations made before the call are lost but for the
/// common ones, and services that the script itself starts in staging are not reached on loopback.
/// The kernel guarantees: SECCOMP_ADDFD_FLAG_SETFD replaces the descriptor while its task sleeps in the call. It is a convenience, no security boundary.
/// Threading: one thread in live, with libc calls only; it ends with the last task of the script, or when this is disposed of.
/// </remarks>
internal sealed class OutboundNetwork : IDisposable
{
    /// <summary>Sockets of name services of the host: paths, which lead out of every network namespace.</summary>
    private static readonly string[] NameServices = ["/run/systemd/resolve/io.systemd.Resolve", "/run/nscd/socket", "/var/run/nscd/socket"];

    private readonly Descriptor? _stop;
    private readonly Thread? _thread;
    private readonly SocketSwap? _swap;
    private readonly IReadOnlyList<IDisposable> _instead;

    private OutboundNetwork(string means, Descriptor? stop = null, Thread? thread = null, SocketSwap? swap = null, IReadOnlyList<IDisposable>? instead = null) =>
        (Means, _stop, _thread, _swap, _instead) = (means, stop, thread, swap, instead ?? []);

    /// <summary>How the script's connections go, a sentence for <c>--verbose</c>.</summary>
    internal string Means { get; }

    /// <summary>What the user should know, or null.</summary>
    internal string? Warning { get; private init; }

    /// <summary>After the script: what was refused to it, a sentence; null if nothing was.</summary>
    internal string? Refused => _swap?.Refused;

    /// <summary>Begins to serve a script that does not run yet. Not possible here (old kernel, seccomp profile): what is possible without, and a warning.</summary>
    /// <param name="staging">Where the script will run.</param>
    /// <param name="devices">Its interfaces.</param>
    /// <param name="live">From where its connections go out.</param>
    /// <param name="access">What they may reach.</param>
    /// <param name="calls">Hears of signals.</param>
    internal static OutboundNetwork Start(
        StagingNamespace staging, IEnumerable<TunDevice> devices, NetworkNamespace live, NetworkAccess access, HostCallWatch calls)
    {
        if (access == NetworkAccess.None)
        {
            staging.RunInside(HideNameServices);
        }

        if (!Seccomp.HasNotifications())
        {
            return WithoutSwap(staging, devices, live, access, "this kernel, or a seccomp profile around this program, has no user notifications (Linux 5.9)");
        }

        CallListener listener;
        try
        {
            listener = new CallListener(staging.InstallFilter(ConnectFilter.Build()));
        }
        catch (StagingException exception)
        {
            return WithoutSwap(staging, devices, live, access, exception.Message);
        }

        (Descriptor own, Descriptor other) = FrameSocket.DescriptorPair();
        SocketSwap swap = new(staging.Network, access);
        SignalGuard guard = new(staging.LauncherPid, calls);
        Thread thread = NamespaceThread.Start(live, "outbound network", () =>
        {
            using (listener)
            using (other)
            {
                while (listener.Next(other.Number) is { } call)
                {
                    if (!call.IsSignal)
                    {
                        swap.AnswerHere(listener, call);
                    }
                    else if (guard.Passes(call.Task, call.Socket, call.AddressLength))
                    {
                        listener.Continue(call);
                    }
                    else
                    {
                        listener.Withhold(call);
                    }
                }
            }
        });
        return new OutboundNetwork(
            access == NetworkAccess.None ? "the script's connections are refused" : "the script's connections go out by sockets of the host", own, thread, swap);
    }

    /// <summary>The same where sockets cannot be swapped: passt for connections, a relay and a socket of nscd for names, each as far as it can be had.</summary>
    internal static OutboundNetwork WithoutSwap(
        StagingNamespace staging,
        IEnumerable<TunDevice> devices,
        NetworkNamespace live,
        NetworkAccess access,
        string reason,
        IReadOnlyList<System.Net.IPAddress>? servers = null)
    {
        if (access == NetworkAccess.None)
        {
            return new OutboundNetwork("the script has no network but staging's own");
        }

        HostWire? wire = Try(() => HostWire.Start(devices, live), out string wireProblem);
        DnsRelay? relay = Try(() => DnsRelay.Start(staging, live, servers ?? DnsRelay.HostServers()), out string relayProblem);
        AnsweringSocket? names = Try(() => NameSocket.Start(staging, live), out string namesProblem);
        string[] means =
        [
            .. wire is null ? [] : (string[])["the script's connections go out by passt at the wire of staging's interfaces"],
            .. relay is null ? [] : (string[])["names are resolved by a relay on staging's loopback"],
            .. names is null ? [] : (string[])["names are resolved at the socket of nscd"],
        ];
        string resolves = names is not null ? "the script can resolve names"
            : relay is not null ? $"the script can resolve names until its own rules drop what goes over lo ({namesProblem})"
            : $"the script can resolve no names, write addresses ({relayProblem})";
        string fetches = wire is not null ? "fetch until its own rules drop what goes out" : $"fetch nothing ({wireProblem})";
        string all = means is [] ? "the script has no network but staging's own" : string.Join("; ", means);
        return new OutboundNetwork(all, instead: [.. new IDisposable?[] { wire, relay, names }.OfType<IDisposable>()])
        {
            Warning = $"{resolves}, and {fetches}: {reason}",
        };
    }

    private static T? Try<T>(Func<T> start, out string problem)
        where T : class
    {
        try
        {
            problem = "";
            return start();
        }
        catch (Exception failure) when (failure is AtomException or IOException or System.Net.Sockets.SocketException)
        {
            problem = failure.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Dispose();
        _thread?.Join();
        foreach (IDisposable one in _instead)
        {
            one.Dispose();
        }
    }

    /// <summary>Who connects to what is no socket is refused.</summary>
    private static bool HideNameServices()
    {
        foreach (string path in NameServices.Where(File.Exists))
        {
            MountNamespace.Bind("/dev/null", path);
        }

        return true;
    }
}
