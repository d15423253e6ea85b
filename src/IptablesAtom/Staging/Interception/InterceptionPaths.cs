using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>Where things lie in the script's mount namespace.</summary>
/// <remarks>
/// A directory is needed that is there on every Linux, in every mount namespace, and that nothing of a firewall looks at: a
/// tmpfs is mounted over it for the script alone. A directory made for it in the host's file system would be left behind
/// when the tool is killed.
/// </remarks>
internal static class InterceptionPaths
{
    /// <summary>The tmpfs. src/shim/make knows it as well.</summary>
    internal const string Root = "/proc/tty/driver";

    /// <summary>The shim.</summary>
    internal const string Shim = $"{Root}/shim";

    /// <summary>Links to the real programs by their names; the originals are bound to their own paths below <see cref="Root"/>.</summary>
    internal const string Programs = $"{Root}/bin";

    /// <summary>The locks of the coprocesses.</summary>
    internal const string Locks = $"{Root}/lock";

    /// <summary>The functions that the shell reads first.</summary>
    internal const string Prelude = $"{Root}/functions";

    /// <summary>The script's copy with another first line.</summary>
    internal const string Script = $"{Root}/script";

    /// <summary>What stands in the place of sudo without root.</summary>
    internal const string Sudo = $"{Root}/sudo";

    internal const string Request = $"{Root}/request";

    internal const string Reply = $"{Root}/reply";

    internal const string Token = $"{Root}/token";

    /// <summary>The listening socket's abstract name. src/shim/shim.c knows it as well. No address of ours has a length that <see cref="ConnectFilter"/> asks about.</summary>
    internal const string Socket = "iptables-atom/firewall-call";

    /// <summary>What the abstract name of an <see cref="AheadSocket"/> begins with. src/shim/shim.c knows it as well.</summary>
    internal const string AheadSocket = "iptables-atom/going-ahead-";
}
