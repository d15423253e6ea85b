using System.Globalization;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Activity;

/// <summary>What the script changed in staging besides the firewall: it ends with the namespace, so the plan names it.</summary>
/// <remarks>Two looks at staging are compared, before the script and after it; what the kernel does in consequence (connected routes, link-local
/// addresses, routes of a link that was taken down) is not told again.</remarks>
public sealed class StagingActivity
{
    private readonly NetworkNamespace _staging;
    private readonly NetworkState _before;

    private StagingActivity(NetworkNamespace staging)
    {
        _staging = staging;
        _before = NetworkState.Read(staging);
    }

    /// <summary>Looks at staging before the script runs, and after the mirror.</summary>
    /// <param name="staging">The staging namespace.</param>
    public static StagingActivity Begin(NetworkNamespace staging) => new(staging);

    /// <summary>Looks again, and tells the differences.</summary>
    public IReadOnlyList<NetworkChange> End()
    {
        NetworkState after = NetworkState.Read(_staging);
        List<NetworkChange> changes = [];
        CompareLinks(after, changes);
        Compare("address", _before.Addresses, after.Addresses, after, changes);
        Compare("route", _before.Routes, after.Routes, after, changes);
        Compare("nexthop", _before.Nexthops, after.Nexthops, after, changes);
        Compare("routing rule", _before.Rules, after.Rules, after, changes);
        Compare("neighbour", _before.Neighbours, after.Neighbours, after, changes);
        Compare("queueing discipline", WithoutNewLinks(_before.Qdiscs, _before, after), WithoutNewLinks(after.Qdiscs, after, _before), after, changes);
        Compare("traffic class", _before.Classes, after.Classes, after, changes);
        Compare("traffic filter", _before.Filters, after.Filters, after, changes);
        return changes;
    }

    /// <summary>Links bring disciplines of their own with them, when they come up.</summary>
    private static Dictionary<string, int> WithoutNewLinks(Dictionary<string, int> qdiscs, NetworkState own, NetworkState other) =>
        qdiscs.Where(pair => IsUp(own, pair.Value) && IsUp(other, pair.Value) || !pair.Key.Contains(" 0: ", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);

    private static bool IsUp(NetworkState state, int link) =>
        state.Links.TryGetValue(link, out Link? found) && (found.Flags & LinkFlags.Up) != 0;

    private static void Compare(
        string kind, Dictionary<string, int> before, Dictionary<string, int> after, NetworkState state, List<NetworkChange> changes)
    {
        foreach (string added in after.Keys.Where(text => !before.ContainsKey(text)))
        {
            changes.Add(new("added", kind, added));
        }

        foreach ((string removed, int link) in before.Where(pair => !after.ContainsKey(pair.Key)))
        {
            // What goes with a link that was removed, or is down, is told by the link.
            if (link == 0 || IsUp(state, link))
            {
                changes.Add(new("removed", kind, removed));
            }
        }
    }

    private void CompareLinks(NetworkState after, List<NetworkChange> changes)
    {
        foreach ((int index, Link link) in after.Links)
        {
            if (!_before.Links.TryGetValue(index, out Link? before))
            {
                changes.Add(new("added", "link", $"{link.Name}{(link.Kind.Length > 0 ? $" ({link.Kind})" : "")}"));
            }
            else if (Changes(before, link, after).ToList() is { Count: > 0 } parts)
            {
                changes.Add(new("changed", "link", $"{before.Name} ({string.Join(", ", parts)})"));
            }
        }

        foreach (Link link in _before.Links.Values.Where(link => !after.Links.ContainsKey(link.Index)))
        {
            changes.Add(new("removed", "link", link.Name));
        }
    }

    private static IEnumerable<string> Changes(Link before, Link after, NetworkState state)
    {
        if (before.Name != after.Name)
        {
            yield return $"name {after.Name}";
        }

        if (((before.Flags ^ after.Flags) & LinkFlags.Up) != 0)
        {
            yield return (after.Flags & LinkFlags.Up) != 0 ? "up" : "down";
        }

        if (before.Mtu != after.Mtu)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"MTU {after.Mtu}");
        }

        if (!before.Address.AsSpan().SequenceEqual(after.Address))
        {
            yield return $"hardware address {string.Join(':', after.Address.Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))}";
        }

        if (before.Master != after.Master)
        {
            yield return state.Links.TryGetValue(after.Master, out Link? master) ? $"master {master.Name}" : "no master";
        }

        if (before.TransmitQueueLength != after.TransmitQueueLength)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"queue length {after.TransmitQueueLength}");
        }

        LinkFlags other = (before.Flags ^ after.Flags) & LinkFlags.Settable & ~LinkFlags.Up;
        if (other != LinkFlags.None)
        {
            yield return $"flags {other}";
        }
    }
}
