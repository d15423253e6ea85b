using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>What the parts of one mirroring share.</summary>
/// <param name="live">rtnetlink of live: only dumps are asked of it.</param>
/// <param name="staging">rtnetlink of staging.</param>
/// <param name="result">Where devices and gaps go.</param>
internal sealed class MirrorContext(RouteSocket live, RouteSocket staging, MirrorResult result)
{
    private readonly Dictionary<int, int> _indexes = [];

    internal RouteSocket Live { get; } = live;

    internal RouteSocket Staging { get; } = staging;

    internal MirrorResult Result { get; } = result;

    /// <summary>Live's links, parents before their children once they have been made.</summary>
    internal IReadOnlyList<Link> Links { get; set; } = [];

    /// <summary>Staging's index of live's link. Equal but where staging had a link of that index already (tunl0 of a loaded module).</summary>
    internal int this[int liveIndex]
    {
        get => _indexes.GetValueOrDefault(liveIndex);
        set => _indexes[liveIndex] = value;
    }

    internal bool Has(int liveIndex) => _indexes.ContainsKey(liveIndex);

    /// <summary>Sends what is pending to staging and tells what it refused, but for what it has already.</summary>
    internal void Finish()
    {
        foreach (RouteFailure failure in Staging.Finish())
        {
            if (failure.Errno != Errno.EEXIST)
            {
                Result.AddGap(failure.Subject.ToString()!, failure.Reason);
            }
        }
    }
}
