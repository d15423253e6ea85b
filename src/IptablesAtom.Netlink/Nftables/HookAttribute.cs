namespace IptablesAtom.Netlink.Nftables;

/// <summary>Attributes of a base chain's hook.</summary>
internal static class HookAttribute
{
    internal const int Number = 1; // NFTA_HOOK_HOOKNUM
    internal const int Priority = 2; // NFTA_HOOK_PRIORITY
    internal const int Device = 3; // NFTA_HOOK_DEV
    internal const int Devices = 4; // NFTA_HOOK_DEVS
}
