using System.Buffers.Binary;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>net.ipv4.neigh.NAME and net.ipv6.neigh.NAME of each link, through rtnetlink.</summary>
internal static class NeighbourTableMirror
{
    private const int Name = 1; // NDTA_NAME
    private const int Parameters = 6; // NDTA_PARMS
    private const int LinkIndex = 1; // NDTPA_IFINDEX
    private const int FirstSetting = 4; // NDTPA_BASE_REACHABLE_TIME
    private const int LastSetting = 19; // NDTPA_INTERVAL_PROBE_TIME_MS
    private const int Padding = 18; // NDTPA_PAD
    private const int QueueLength = 8; // NDTPA_QUEUE_LEN: the same as NDTPA_QUEUE_LENBYTES, rounded

    internal static void Copy(MirrorContext context)
    {
        Dictionary<(byte Family, int Index), RouteMessage> made = Dump(context.Staging);
        foreach (((byte family, int index), RouteMessage live) in Dump(context.Live))
        {
            if (index == 0 || !context.Has(index) || !made.TryGetValue((family, context[index]), out RouteMessage? has))
            {
                continue;
            }

            Dictionary<int, byte[]> wanted = Settings(live);
            Dictionary<int, byte[]> current = Settings(has);
            int[] differing = [.. wanted.Keys.Where(key => current.TryGetValue(key, out byte[]? value) && !value.AsSpan().SequenceEqual(wanted[key]))];
            if (differing.Length > 0)
            {
                Set(context, family, context[index], live, differing.Select(key => (key, wanted[key])));
            }
        }

        context.Finish();
    }

    private static void Set(MirrorContext context, byte family, int index, RouteMessage live, IEnumerable<(int Key, byte[] Value)> values)
    {
        MessageWriter writer = context.Staging.Begin(RouteMessageType.SetNeighbourTable, NetlinkFlags.None);
        writer.PutRaw([family, 0, 0, 0]);
        live.Attributes.TryFind(Name, out Netlink.Netlink.Attribute name);
        writer.PutBytes(Name, name.Value);
        using (writer.Nested(Parameters))
        {
            writer.PutUInt32(LinkIndex, (uint)index);
            foreach ((int key, byte[] value) in values)
            {
                writer.PutBytes(key, value);
            }
        }

        context.Staging.End($"the neighbour settings of link {index}");
    }

    private static Dictionary<(byte Family, int Index), RouteMessage> Dump(RouteSocket socket)
    {
        Dictionary<(byte, int), RouteMessage> found = [];
        foreach (RouteMessage message in socket.Dump(RouteMessageType.GetNeighbourTable, RouteHeader.NeighbourTable))
        {
            if (message.Family is LibC.AF_INET or LibC.AF_INET6 && message.Attributes.TryFind(Parameters, out Netlink.Netlink.Attribute parameters))
            {
                int index = parameters.Nested.TryFind(LinkIndex, out Netlink.Netlink.Attribute link) ? (int)link.AsUInt32() : 0;
                found[(message.Family, index)] = message;
            }
        }

        return found;
    }

    private static Dictionary<int, byte[]> Settings(RouteMessage message)
    {
        Dictionary<int, byte[]> settings = [];
        message.Attributes.TryFind(Parameters, out Netlink.Netlink.Attribute parameters);
        foreach (Netlink.Netlink.Attribute attribute in parameters.Nested)
        {
            if (attribute.Type is >= FirstSetting and <= LastSetting and not Padding and not QueueLength)
            {
                settings[attribute.Type] = attribute.Value.ToArray();
            }
        }

        return settings;
    }
}
