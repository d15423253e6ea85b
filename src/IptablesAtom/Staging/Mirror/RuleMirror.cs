using IptablesAtom.Netlink.Netlink;
using IptablesAtom.Netlink.Route;

namespace IptablesAtom.Staging.Mirror;

/// <summary>Gives staging the routing policy rules of live, and no other.</summary>
internal static class RuleMirror
{
    internal static void Copy(MirrorContext context)
    {
        List<RuleEntry> wanted = RuleEntry.Dump(context.Live);
        List<RuleEntry> existing = RuleEntry.Dump(context.Staging);
        HashSet<string> wantedKeys = [.. wanted.Select(rule => rule.Key)];
        HashSet<string> existingKeys = [.. existing.Select(rule => rule.Key)];
        foreach (RuleEntry rule in existing.Where(rule => !wantedKeys.Contains(rule.Key)))
        {
            rule.Write(context.Staging.Begin(RouteMessageType.DeleteRule, NetlinkFlags.None));
            context.Staging.End($"too much: the routing rule {rule}");
        }

        foreach (RuleEntry rule in wanted.Where(rule => !existingKeys.Contains(rule.Key)))
        {
            rule.Write(context.Staging.Begin(RouteMessageType.NewRule, NetlinkFlags.Create | NetlinkFlags.Excl));
            context.Staging.End($"the routing rule {rule}");
        }

        context.Finish();
    }
}
