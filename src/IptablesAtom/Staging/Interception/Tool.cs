using IptablesAtom.Model;

namespace IptablesAtom.Staging.Interception;

/// <summary>The program that a call is for, as the last part of its argument 0 names it.</summary>
/// <param name="Name">The name without its directory.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Family">IPv4 or IPv6; meaningless for <see cref="ToolKind.Ipset"/> and <see cref="ToolKind.Other"/>.</param>
/// <param name="Backend">Where its rules go; likewise.</param>
internal readonly record struct Tool(string Name, ToolKind Kind, Family Family, Backend Backend)
{
    /// <summary>Reads a name.</summary>
    /// <param name="argument0">Argument 0 of the call.</param>
    /// <param name="plain">The back-end of the names without <c>-nft</c> or <c>-legacy</c>; null if that is not known.</param>
    internal static Tool Of(string argument0, Backend? plain)
    {
        string name = argument0[(argument0.LastIndexOf('/') + 1)..];
        if (name == "ipset")
        {
            return new(name, ToolKind.Ipset, default, default);
        }

        bool six = name.StartsWith("ip6tables", StringComparison.Ordinal);
        if (!six && !name.StartsWith("iptables", StringComparison.Ordinal))
        {
            return new(name, ToolKind.Other, default, default);
        }

        (Backend? backend, ToolKind kind) = name[(six ? 9 : 8)..] switch
        {
            "" => (plain, ToolKind.Command),
            "-nft" => (Backend.Nft, ToolKind.Command),
            "-legacy" => (Backend.Legacy, ToolKind.Command),
            "-save" => (plain, ToolKind.Save),
            "-nft-save" => (Backend.Nft, ToolKind.Save),
            "-legacy-save" => (Backend.Legacy, ToolKind.Save),
            _ => (null, ToolKind.Other),
        };
        return backend is { } known
            ? new(name, kind, six ? Family.Ipv6 : Family.Ipv4, known)
            : new(name, ToolKind.Other, default, default);
    }
}
