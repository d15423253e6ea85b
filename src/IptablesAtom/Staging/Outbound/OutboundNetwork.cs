using IptablesAtom.Netlink.Linux;

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
    private readonly Descriptor? _stop;
    private readonly Thread? _thread;

    private OutboundNetwork(Descriptor? stop, Thread? thread, string? warning) => (_stop, _thread, Warning) = (stop, thread, warning);

    /// <summary>What the user should know, or null.</summary>
    internal string? Warning { get; }

    /// <summary>Begins to serve a script that does not run yet. Not possible here (old kernel, seccomp profile): a warning, and the script runs without.</summary>
    internal static OutboundNetwork Start(StagingNamespace staging, NetworkNamespace live, NetworkAccess access)
    {
        if (!Seccomp.HasNotifications())
        {
            return Without("this kernel, or a seccomp profile around this program, has no user notifications (Linux 5.9)", access);
        }

        CallListener listener;
        try
        {
            listener = new CallListener(staging.InstallFilter(ConnectFilter.Build()));
        }
        catch (StagingException exception)
        {
            return Without(exception.Message, access);
        }

        (Descriptor own, Descriptor other) = FrameSocket.DescriptorPair();
        SocketSwap swap = new(staging.Network, access);
        Thread thread = NamespaceThread.Start(live, "outbound network", () =>
        {
            using (listener)
            using (other)
            {
                while (listener.Next(other.Number) is { } call)
                {
                    swap.AnswerHere(listener, call);
                }
            }
        });
        return new OutboundNetwork(own, thread, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Dispose();
        _thread?.Join();
    }

    private static OutboundNetwork Without(string reason, NetworkAccess access) => new(null, null, access == NetworkAccess.None
        ? null
        : $"names are not resolved and nothing can be fetched in the script: {reason}; resolve names before, or write addresses");
}
