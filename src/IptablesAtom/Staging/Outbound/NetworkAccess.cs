namespace IptablesAtom.Staging.Outbound;

/// <summary>What the script's own connections may reach (<c>--network</c>).</summary>
public enum NetworkAccess
{
    /// <summary>The host's network, as if the script ran there: names in rules, lists that it fetches.</summary>
    Host,
    /// <summary>Nothing but the staging namespace itself.</summary>
    None,
}
