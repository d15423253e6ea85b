using IptablesAtom.Netlink;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Sysctls;

/// <summary>
/// A <c>/proc/sys</c> of staging's own, on which a script can set everything that it could set on live, and from which nothing reaches the host.
/// </summary>
/// <remarks>
/// <para>Model: what belongs to the network namespace is staging's own real file. What does not (kernel.*, vm.*, fs.*), and what only the
/// initial namespace has or lets be written (net.core.default_qdisc, net.netfilter.nf_conntrack_max), is a plain file with live's value.</para>
/// <para>Which sysctls the script set is asked of inotify and not found by comparing: one write can change others (ip_forward changes
/// accept_redirects), and only the script's own writes, in their order, have the same effect on live.</para>
/// <para>What the kernel guarantees: /proc/sys/net is looked up by the network namespace of the calling thread; a bind mount keeps its directory;
/// inotify reports every write that succeeded. A plain file takes any value: what the kernel would have refused is found at the commit.</para>
/// <para>Threading: made, read and disposed of by one thread at a time.</para>
/// </remarks>
public sealed partial class SysctlShadow : IDisposable
{
    private readonly StagingNamespace _staging;
    private readonly ChangeWatch _watch = new();

    /// <summary>The directories with files of the shadow's own, below /proc/sys; and with a leading slash those of modules' parameters.</summary>
    private IReadOnlyCollection<string> _covered = [];

    /// <summary>Staging's own directories of net/.</summary>
    private List<string> _net = [];

    private SysctlShadow(StagingNamespace staging) => _staging = staging;

    /// <summary>Makes it, before the script runs. It may be made while the mirror is: that sees the real files.</summary>
    /// <param name="staging">The namespace whose script waits.</param>
    /// <param name="live">Whose values are shown.</param>
    /// <exception cref="StagingException">It cannot be made; then a script could change the host, so it must not run.</exception>
    public static SysctlShadow Make(StagingNamespace staging, LiveSysctls live)
    {
        ArgumentNullException.ThrowIfNull(staging);
        ArgumentNullException.ThrowIfNull(live);
        return Make(staging, live, () => staging.Network.Run(SysctlTree.ReadNetHere));
    }

    /// <summary>The same with what was read before.</summary>
    internal static SysctlShadow Make(StagingNamespace staging, LiveSysctls before, Func<SysctlTree> ownNet)
    {
        SysctlShadow shadow = new(staging);
        try
        {
            SysctlTree live = SysctlTree.ReadOthers().With(before.Net);
            SysctlTree own = ownNet();
            shadow._net = own.Directories;
            shadow._covered = staging.RunInside(() => Build(live, own, FindCopied(live, own), before.Modules));
            return shadow;
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException)
        {
            shadow.Dispose();
            throw new StagingException($"the script's sysctls cannot be kept from the host: {failure.Message}", failure);
        }
    }

    /// <summary>What is written from now on counts as the script's: to be called when the mirror has set staging's sysctls to live's values.</summary>
    public void Watch() => _staging.RunInside(() =>
    {
        foreach (string directory in _covered)
        {
            _watch.Add(SysctlTree.FileOf(directory), directory);
        }

        foreach (string directory in _net.Where(directory => !IsOfOneInterface(directory)))
        {
            WatchReal(directory);
            if (SysctlTree.IsOfInterfaces(directory))
            {
                // Whatever the mirror has made by now.
                foreach (string entry in Directory.EnumerateDirectories($"{RealNet}{directory[SysctlTree.Net.Length..]}"))
                {
                    WatchReal($"{directory}/{Path.GetFileName(entry)}");
                }
            }
        }

        return true;
    });

    /// <summary>What the script set until now, in the order in which it did.</summary>
    /// <exception cref="StagingException">There were more writes than the kernel remembers.</exception>
    public IReadOnlyList<SysctlChange> Read()
    {
        List<string> written = _watch.Take()
            ?? throw new StagingException("the script set sysctls more often than the kernel can tell (/proc/sys/fs/inotify/max_queued_events): raise that number");
        return _staging.RunInside(() => written.ConvertAll(path => new SysctlChange(path, SysctlTree.Read(path))));
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();
}
