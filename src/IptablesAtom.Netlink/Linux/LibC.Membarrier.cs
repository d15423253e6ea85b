using System.Runtime.InteropServices;

namespace IptablesAtom.Netlink.Linux;

internal static unsafe partial class LibC
{
    private const nint MembarrierGlobal = 1; // MEMBARRIER_CMD_GLOBAL

    private static nint MembarrierNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 324 : 283; // asm-generic: arm64, riscv64

    /// <summary>Waits for an RCU grace period; false if the kernel does not offer it.</summary>
    internal static bool MemoryBarrier() => membarrier(MembarrierNumber, MembarrierGlobal, 0, 0) == 0;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint membarrier(nint number, nint command, nint flags, nint cpu);
}
