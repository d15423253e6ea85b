using System.Buffers.Binary;
using IptablesAtom.Netlink.Linux;
using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Gives staging the routes of live, in all tables, and its next hop objects.</summary>
internal static class RouteMirror
{
    private const int Passes = 4; // a gateway may be reached by a route that the dump lists later
    private const int NexthopOutputInterface = 5; // NHA_OIF
    private const int ResilientGroup = 12; // NHA_RES_GROUP
    private const int UnbalancedTime = 4; // NHA_RES_GROUP_UNBALANCED_TIME: state

    internal static void Copy(MirrorContext context)
    {
        CopyNexthops(context);
        List<RouteEntry> wanted = RouteEntry.Dump(context.Live, index => context[index]);
        List<RouteEntry> existing = RouteEntry.Dump(context.Staging, index => index);
        HashSet<string> wantedKeys = [.. wanted.Select(route => route.Key)];
        HashSet<string> existingKeys = [.. existing.Select(route => route.Key)];
        RouteText text = new(Link.Dump(context.Staging));

        existingKeys.ExceptWith(OutOfOrder(wanted, existing));

        // Those that the kernel made for the addresses, and that are gone in live or stand elsewhere there.
        foreach (RouteEntry route in existing.Where(route => !wantedKeys.Contains(route.Key) || !existingKeys.Contains(route.Key)))
        {
            route.Write(context.Staging.Begin(RouteMessageType.DeleteRoute, NetlinkFlags.None));
            context.Staging.End($"too much: the route {text.Describe(route.Message)}");
        }

        context.Finish();
        Add(context, wanted.FindAll(route => !existingKeys.Contains(route.Key)), text);
    }

    /// <summary>
    /// Routes to the same place whose order differs: the first of equal metric is the one that is taken (fe80::/64 of each link).
    /// </summary>
    private static IEnumerable<string> OutOfOrder(List<RouteEntry> wanted, List<RouteEntry> existing)
    {
        ILookup<string, string> current = existing.ToLookup(route => route.Place, route => route.Key);
        return wanted.GroupBy(route => route.Place, route => route.Key)
            .Where(group => current[group.Key].Count() > 1
                && !current[group.Key].Where(group.Contains).SequenceEqual(group.Where(current[group.Key].Contains)))
            .SelectMany(group => group);
    }

    private static void Add(MirrorContext context, List<RouteEntry> missing, RouteText text)
    {
        for (int pass = 1; missing.Count > 0; pass++)
        {
            foreach (RouteEntry route in missing)
            {
                // Appended, not exclusive: routes that differ in their gateway only stay side by side, in live's order.
                route.Write(context.Staging.Begin(RouteMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Append));
                context.Staging.End(route);
            }

            List<RouteFailure> failures = context.Staging.Finish().FindAll(failure => failure.Errno != Errno.EEXIST);
            if (pass == Passes || failures.Count == missing.Count)
            {
                foreach (RouteFailure failure in failures)
                {
                    context.Result.AddGap($"the route {text.Describe(((RouteEntry)failure.Subject).Message)}", failure.Reason);
                }

                return;
            }

            missing = [.. failures.Select(failure => (RouteEntry)failure.Subject)];
        }
    }

    private static void CopyNexthops(MirrorContext context)
    {
        List<RouteMessage> missing;
        try
        {
            missing = context.Live.Dump(RouteMessageType.GetNexthop, RouteHeader.Nexthop);
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.EOPNOTSUPP or Errno.EINVAL)
        {
            return; // a kernel before 5.3 has none
        }

        // A group is listed by its number, which may be lower than its members'.
        for (int pass = 1; missing.Count > 0; pass++)
        {
            foreach (RouteMessage nexthop in missing)
            {
                WriteNexthop(context, nexthop);
                context.Staging.End(nexthop);
            }

            List<RouteFailure> failures = context.Staging.Finish().FindAll(failure => failure.Errno != Errno.EEXIST);
            if (failures.Count == missing.Count || pass == Passes)
            {
                foreach (RouteFailure failure in failures)
                {
                    context.Result.AddGap($"the next hop {NexthopId((RouteMessage)failure.Subject)}", failure.Reason);
                }

                return;
            }

            missing = [.. failures.Select(failure => (RouteMessage)failure.Subject)];
        }
    }

    /// <summary>nhmsg { u8 family, scope, protocol, reserved; u32 flags }: scope must be 0 in a request, and of the flags only ONLINK be set.</summary>
    private static void WriteNexthop(MirrorContext context, RouteMessage nexthop)
    {
        MessageWriter writer = context.Staging.Begin(RouteMessageType.NewNexthop, NetlinkFlags.Create | NetlinkFlags.Excl);
        Span<byte> header = stackalloc byte[RouteHeader.Nexthop];
        nexthop.Header.CopyTo(header);
        header[1] = 0;
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) & RouteAttribute.OnLink;
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        writer.PutRaw(header);
        foreach (Netlink.Netlink.Attribute attribute in nexthop.Attributes)
        {
            if (attribute.Type == NexthopOutputInterface)
            {
                writer.PutUInt32(NexthopOutputInterface, (uint)context[(int)attribute.AsUInt32()]);
            }
            else if (attribute.Type == ResilientGroup)
            {
                using (writer.Nested(ResilientGroup))
                {
                    foreach (Netlink.Netlink.Attribute setting in attribute.Nested)
                    {
                        if (setting.Type is > 0 and < UnbalancedTime)
                        {
                            writer.PutBytes(setting.RawType, setting.Value);
                        }
                    }
                }
            }
            else if (attribute.Type < ResilientGroup) // what comes behind is state and counters
            {
                writer.PutBytes(attribute.RawType, attribute.Value);
            }
        }
    }

    private static string NexthopId(RouteMessage nexthop) =>
        nexthop.Attributes.TryFind(1, out Netlink.Netlink.Attribute id) ? $"{id.AsUInt32()}" : "object"; // NHA_ID
}
