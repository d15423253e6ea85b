namespace IptablesAtom.Staging;

/// <summary>Which iptables the plain names (<c>iptables</c>, <c>ip6tables-save</c>...) mean inside the script.</summary>
public enum BackendChoice
{
    /// <summary>The one that they mean on this host.</summary>
    Auto,

    /// <summary>iptables-nft.</summary>
    Nft,

    /// <summary>iptables-legacy.</summary>
    Legacy,
}
