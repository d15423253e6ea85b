using System.Runtime.InteropServices;

namespace IptablesAtom.Staging.Interception;

/// <summary>The program that stands before each tool: src/shim/shim.c, built for each architecture and kept with the source.</summary>
internal static class Shim
{
    /// <summary>The ELF file for this machine.</summary>
    internal static byte[] Bytes { get; } = Resource.Bytes(RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "shim.x64",
        Architecture.Arm64 => "shim.arm64",
        _ => throw new PlatformNotSupportedException("interception is built for x86-64 and arm64"),
    });
}
