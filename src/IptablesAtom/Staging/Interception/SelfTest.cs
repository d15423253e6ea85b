using IptablesAtom.Model;
using IptablesAtom.Netlink.Linux;

namespace IptablesAtom.Staging.Interception;

/// <summary>What the acceleration relies on, tried out before it is used.</summary>
/// <param name="Acknowledges">True if restore echoes comments as they come (iptables 1.8.5): else nothing is batched.</param>
/// <param name="KernelKeepsStatus">True if a pidfd tells how its process ended after that was waited for (Linux 6.15).</param>
internal readonly record struct SelfTest(bool Acknowledges, bool KernelKeepsStatus)
{
    /// <summary>Tries with the default back-end's restore; it touches no table.</summary>
    internal static SelfTest Run(StagingPlace place, ToolFiles tools)
    {
        string name = tools.Plain == Backend.Legacy ? "iptables-legacy-restore" : "iptables-nft-restore";
        if (!tools.ByName.ContainsKey(name))
        {
            return default;
        }

        using Coprocess process = new(place, null, $"{InterceptionPaths.Programs}/{name}", "--noflush", "--verbose");
        using Descriptor? handle = ForwardedCall.OpenProcess(process.Pid);
        bool acknowledges = process.Write("# test\n"u8) && process.WaitsWithOutput(1000) && process.ReadOutputTo("# test\n"u8) == 0;
        _ = process.End();
        return new SelfTest(acknowledges, handle is not null && ForwardedCall.StatusOf(handle) is not null);
    }
}
