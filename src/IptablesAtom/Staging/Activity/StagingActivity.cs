using System.Globalization;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Activity;

/// <summary>What the script changed in staging besides the firewall: it ends with the namespace, so the plan names it.</summary>
/// <remarks>Two looks at staging are compared, before the script and after it; what the kernel does in consequence (connected routes, link-local
/// addresses, routes of a link that was taken down) is not told again.</remarks>
public sealed class StagingActivity
{
    private const string NotDone = "not done on live";
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

    /// <summary>Looks again, and tells the differences, each as a sentence for the plan.</summary>
    public IReadOnlyList<string> End()
    {
        NetworkState after = NetworkState.Read(_staging);
        List<string> sentences = [];
        CompareLinks(after, sentences);
        Compare("address", _before.Addresses, after.Addresses, after, sentences);
        Compare("route", _before.Routes, after.Routes, after, sentences);
        Compare("routing rule", _before.Rules, after.Rules, after, sentences);
        Compare("neighbour", _before.Neighbours, after.Neighbours, after, sentences);
        Compare("queueing discipline", WithoutNewLinks(_before.Qdiscs, _before, after), WithoutNewLinks(after.Qdiscs, after, _before), after, sentences);
        return sentences;
    }

    /// <summary>Links bring disciplines of their own with them, when they come up.</summary>
    private static Dictionary<string, int> WithoutNewLinks(Dictionary<string, int> qdiscs, NetworkState own, NetworkState other) =>
        qdiscs.Where(pair => IsUp(own, pair.Value) && IsUp(other, pair.Value) || !pair.Key.Contains(" 0: ", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);

    private static bool IsUp(NetworkState state, int link) =>
        state.Links.TryGetValue(link, out Link? found) && (found.Flags & LinkFlags.Up) != 0;

    private static void Compare(
        string kind, Dictionary<string, int> before, Dictionary<string, int> after, NetworkState state, List<string> sentences)
    {
        foreach (string added in after.Keys.Where(text => !before.ContainsKey(text)))
        {
            sentences.Add($"the script added the {kind} {added}: {NotDone}");
        }

        foreach ((string removed, int link) in before.Where(pair => !after.ContainsKey(pair.Key)))
        {
            // What goes with a link that was removed, or is down, is told by the link.
            if (link == 0 || IsUp(state, link))
            {
                sentences.Add($"the script removed the {kind} {removed}: {NotDone}");
            }
        }
    }

    private void CompareLinks(NetworkState after, List<string> sentences)
    {
        foreach ((int index, Link link) in after.Links)
        {
            if (!_before.Links.TryGetValue(index, out Link? before))
            {
                sentences.Add($"the script added the link {link.Name}{(link.Kind.Length > 0 ? $" ({link.Kind})" : "")}: {NotDone}");
            }
            else if (Changes(before, link, after).ToList() is { Count: > 0 } changes)
            {
                sentences.Add($"the script changed the link {before.Name} ({string.Join(", ", changes)}): {NotDone}");
            }
        }

        foreach (Link link in _before.Links.Values.Where(link => !after.Links.ContainsKey(link.Index)))
        {
            sentences.Add($"the script removed the link {link.Name}: {NotDone}");
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
