namespace IptablesAtom.Staging.Activity;

/// <summary>A difference that the script made in staging's network besides the firewall.</summary>
/// <param name="Action">added, removed or changed.</param>
/// <param name="Subject">link, address, route, nexthop, routing rule, neighbour, queueing discipline, traffic class, traffic filter, host name.</param>
/// <param name="Text">What, in the words of ip and tc.</param>
public sealed record NetworkChange(string Action, string Subject, string Text)
{
    /// <summary>As a part of a sentence.</summary>
    public override string ToString() => $"{Action} the {Subject} {Text}";
}
